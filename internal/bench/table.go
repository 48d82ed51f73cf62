package bench

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// notes says what each yardstick is.
const notes = `
## What stands beside what

Every pair runs several times, in turns, and medians are compared, so that a machine that is busy with
something else slows both sides. Whatever runs over HTTP is asked by the same lean client over real
loopback TCP with keep-alive; client, house and yardstick are three processes on one machine.

- **Standing, seal, receipt**: the answers are fetched once, then a bare net/http server with one handler
  and a map serves exactly these bytes from memory, under the same headers.
- **Zipf**: the house beside itself. Members are asked for by a Zipf law with exponent 1.1 in both
  registers; the cache is the one that production has, bounded by 64 MiB.
- **Acts**: every statement of every committed transaction is taken down while the house does acts
  (renaming a member, which makes a public statement and a leaf of the log). Then these statements run
  raw, with the same arguments, in the same transactions, on a copy of the database as it was before: in
  SQLite prepared once on one connection with the same durability (WAL, synchronous=FULL); in PostgreSQL
  through pgx, each transaction as one pipelined batch. What the house read is not read again, and the
  keys that it makes for people are not made again: that is its own expense.
- **Import**: the same; the yardstick also reads the CSV file.
- **As of a date**: random members at random days, one caller, no yardstick. Most members are in no cache.
- **Recompute**: what is recorded of each member is read and folded before; the time is that of computing
  every standing from these facts on all cores.
- **Cases**: as many cases as the middling register has members, lodged and worked on by acts; then 3,000 pages
  of 50, by turns of all that are open by their days and by age, of a stage, a case manager and a member, and of
  what is over; each with its terms. No yardstick.
- **Seal, open**: 1 GiB from memory into a file and back, each time in a process of its own, by turns with the
  age library between the same memory and a file that is made durable. The vault also hashes the file,
  keeps its key, and compares the hash at the end. Memory is the anonymous memory of the vault's process
  (RssAnon), looked at every 20 ms.
- **Bundle**: four scans of 94 full pages and 60 photographs of two million dots, cleaned before as uploads are; a leaf before
  each, an index, and one count of pages on all. No yardstick.
- **Start**: from starting the process to the end of the first answer about a member, and the process's
  anonymous memory then (RssAnon; of two looks a second apart, the larger).
- **Rebuild**: all views from the record, events per second.
- **Mixed load**: 16 readers (standings, seals, receipts, pages, searches, the log) and 4 callers who act, all of whom pause a
  little, ask a house in a process of its own for minutes. Any answer but the right one ends the run. Memory is RssAnon,
  files and threads are those of /proc; the largest of several looks around a fifth of the time, and at the end.
`

func writeTable(out io.Writer, s *session, machine string, rows []row) error {
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, "# Benchmarks\n\nWritten by `make bench`; not edited. %s.\n\n", machine)
	fmt.Fprintf(w, "Registers of %s and %s members; a roster of %s rows; medians of %d runs.\n\n",
		figure(float64(s.Some)), figure(float64(s.Members)), figure(float64(s.Rows)), s.Runs)
	fmt.Fprintf(w, "| what | measured | yardstick | result | target | |\n|---|---|---|---|---|---|\n")
	for _, r := range rows {
		switch {
		case r.failed != nil:
			fmt.Fprintf(w, "| %s | | | could not be measured: %s | | **missed** |\n", r.what, strings.ReplaceAll(r.failed.Error(), "\n", " "))
			continue
		case r.met:
			fmt.Fprintf(w, "| %s | %s | %s | %s | %s | met |\n", r.what, r.measured, r.beside, r.value, r.target)
		default:
			fmt.Fprintf(w, "| %s | %s | %s | %s | %s | **missed** |\n", r.what, r.measured, r.beside, r.value, r.target)
		}
	}
	fmt.Fprint(w, notes)
	return w.Flush()
}

// describeMachine names what the figures are of.
func describeMachine(dir string) string {
	return fmt.Sprintf("%s, %d cores; %s; files on %s, where writing 4 KiB durably takes %s; load before the run %s; %s",
		processor(), runtime.NumCPU(), strings.Replace(runtime.Version(), "go", "Go ", 1)+" "+runtime.GOOS+"/"+runtime.GOARCH,
		fileSystem(dir), durableWrite(dir), load(), time.Now().UTC().Format("2 January 2006"))
}

// load returns how many processes wanted a core in the last minute: what else the machine is busy with
// makes every figure worse, and ratios less sure.
func load() string {
	all, _ := os.ReadFile("/proc/loadavg")
	minute, _, _ := strings.Cut(string(all), " ")
	return cmp.Or(minute, "unknown")
}

func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "an unnamed processor"
}

// fileSystem names the file systems that one meets; see statfs(2) for the numbers.
func fileSystem(dir string) string {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return "an unknown file system"
	}
	names := map[int64]string{0xef53: "ext4", 0x58465342: "XFS", 0x9123683e: "Btrfs", 0x2fc12fc1: "ZFS", 0x794c7630: "overlayfs",
		0x01021994: "tmpfs (memory: nothing is durable there, and the figures of writing say little)"}
	if name, ok := names[int64(s.Type)]; ok {
		return name
	}
	return fmt.Sprintf("a file system of type %#x", s.Type)
}

// durableWrite returns the median time of writing 4 KiB and fsync.
func durableWrite(dir string) string {
	file, err := os.Create(filepath.Join(dir, "durable"))
	if err != nil {
		return "an unknown time"
	}
	defer func() { _ = file.Close() }()
	var took []float64
	for range 100 {
		began := time.Now()
		if _, err := file.Write(make([]byte, 4096)); err != nil {
			return "an unknown time"
		}
		if err := file.Sync(); err != nil {
			return "an unknown time"
		}
		took = append(took, float64(time.Since(began).Microseconds()))
	}
	return figure(median(took)) + " µs"
}

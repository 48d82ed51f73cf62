package app_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unit reads a unit file: its settings by "Section.Key", in order.
func unit(t *testing.T, path string) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	found, section := map[string][]string{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		key, value, ok := strings.Cut(line, "=")
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = strings.Trim(line, "[]")
		case !ok:
			t.Errorf("%s: %q is no setting", path, line)
		default:
			found[section+"."+key] = append(found[section+"."+key], value)
		}
	}
	return found
}

func TestTheServiceUnitStartsWhatThereIsAndIsLockedUp(t *testing.T) {
	u := unit(t, "../../deploy/shingle.service")
	for key, want := range map[string]string{
		"Service.Type": "notify", "Service.ProtectSystem": "strict", "Service.ProtectHome": "yes", "Service.PrivateTmp": "yes", "Service.NoNewPrivileges": "yes",
		"Service.CapabilityBoundingSet": "CAP_NET_BIND_SERVICE", "Service.StateDirectory": "shingle", "Service.StateDirectoryMode": "0700",
		"Service.MemoryDenyWriteExecute": "yes", "Service.ExecReload": "/bin/kill -HUP $MAINPID", "Service.User": "shingle", "Service.Restart": "on-failure",
	} {
		if got := u[key]; !slices.Equal(got, []string{want}) {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	if len(u["Service.WatchdogSec"]) == 0 || !slices.Contains(u["Service.SystemCallFilter"], "@system-service") {
		t.Error("no watchdog, or any system call")
	}
	start := strings.Fields(u["Service.ExecStart"][0])
	if start[0] != "/usr/local/bin/shingle" {
		t.Fatal(start)
	}
	dir := newBody(t)
	args := slices.Clone(start[1:])
	args[slices.Index(args, "--data")+1] = dir
	if status, out, errs := try("", append(args, "--check")...); status != 0 {
		t.Errorf("exit %d: %s%s", status, out, errs)
	}
	s := unit(t, "../../deploy/shingle.socket")
	if got := s["Socket.ListenStream"]; !slices.Equal(got, []string{"80", "443"}) {
		t.Errorf("the socket unit opens %v", got)
	}
	readBySystemd(t, start[0])
}

// readBySystemd has systemd itself read the units, where there is one.
func readBySystemd(t *testing.T, program string) {
	t.Helper()
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Log("there is no systemd here; its own reading is left out")
		return
	}
	dir := t.TempDir()
	for _, name := range []string{"shingle.service", "shingle.socket"} {
		text, err := os.ReadFile(filepath.Join("../../deploy", name))
		must(t, err)
		text = []byte(strings.ReplaceAll(string(text), program, "/bin/true")) // it is not installed here
		must(t, os.WriteFile(filepath.Join(dir, name), text, 0o600))
	}
	if out, err := exec.Command(analyze, "verify", filepath.Join(dir, "shingle.service"), filepath.Join(dir, "shingle.socket")).CombinedOutput(); err != nil || strings.Contains(string(out), "shingle.") {
		t.Errorf("systemd says: %v %s", err, out)
	}
}

func TestTheContainerfileStartsWhatThereIs(t *testing.T) {
	b, err := os.ReadFile("../../Containerfile")
	must(t, err)
	text := string(b)
	mod, err := os.ReadFile("../../go.mod")
	must(t, err)
	version := regexp.MustCompile(`(?m)^go (\d+\.\d+)`).FindStringSubmatch(string(mod))[1]
	for _, want := range []string{"golang:" + version + " ", "CGO_ENABLED=0", "timetzdata", "FROM scratch", "USER 65532:65532"} {
		if !strings.Contains(text, want) {
			t.Errorf("it lacks %q", want)
		}
	}
	list := func(of string) (args []string) {
		t.Helper()
		found := regexp.MustCompile(`(?m)^` + of + `.*?(\[.*\])$`).FindStringSubmatch(text)
		if found == nil {
			t.Fatalf("there is no %s", of)
		}
		must(t, json.Unmarshal([]byte(found[1]), &args))
		return args
	}
	if entry := list("ENTRYPOINT"); !slices.Equal(entry, []string{"/usr/local/bin/shingle"}) {
		t.Errorf("it runs %v", entry)
	}
	if status, out, errs := try(newBody(t), append(list("CMD"), "--check")...); status != 0 {
		t.Errorf("exit %d: %s%s", status, out, errs)
	}
	health := list("HEALTHCHECK")
	web, stop := serve(t, newBody(t))
	health[len(health)-1] = web
	if status, out, errs := try("", health[1:]...); status != 0 {
		t.Errorf("exit %d: %s%s", status, out, errs)
	}
	must(t, stop())
}

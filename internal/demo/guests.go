package demo

import "shingle/internal/gate"

// Guest is somebody of the demo as whom visitors sign in, and the role that they hold.
type Guest struct {
	Role   string
	Name   string
	Email  string
	Member string // at which they hold it; "" for an office
}

// Guests are one for each role that there is.
var Guests = []Guest{
	{Role: gate.Registrar, Name: "Rosa Lind", Email: "rosa.lind@society.example"},
	{Role: gate.EducationOfficer, Name: "Edgar Voss", Email: "edgar.voss@society.example"},
	{Role: gate.CaseManager, Name: "Carla Munro", Email: "carla.munro@society.example"},
	{Role: gate.Chair, Name: "Chandra Okafor", Email: "chandra.okafor@society.example"},
	{Role: gate.Panelist, Name: "Piotr Salter", Email: "piotr.salter@society.example"},
	{Role: gate.Board, Name: "Beatriz Quill", Email: "beatriz.quill@society.example"},
	{Role: gate.President, Name: "Prosper Adeyemi", Email: "prosper.adeyemi@society.example"},
	{Role: gate.Auditor, Name: "Aune Kallio", Email: "aune.kallio@society.example"},
	{Role: gate.Administrator, Name: "Adil Marsh", Email: "adil.marsh@society.example"},
	{Role: gate.Representative, Name: "Ruben Brightwater", Email: "ruben@cobaltridge.example", Member: model},
	{Role: gate.ComplianceOfficer, Name: "Cosima Hale", Email: "cosima@cobaltridge.example", Member: model},
	{Role: gate.Practitioner, Name: "Pell Ortega", Email: "pell@cobaltridge.example", Member: model},
}

//go:build wasip1

package bartizan

import "strings"

// What Export was told, and the configuration that was taken.
var exported struct {
	pack                   *Pack
	name, version, summary string
	config                 string
}

// Export gives a pack to the runtime. Only what `bartizan plugins build` makes calls it.
func Export(pack *Pack, name, version, summary string) {
	exported.pack, exported.name, exported.version, exported.summary = pack, name, version, summary
}

//go:wasmexport bartizan:plugin/meta@0.1.0#describe
func describe() uint32 {
	var w writer
	w.text(exported.name)
	w.text(exported.version)
	w.text(exported.summary)
	w.text(exported.pack.ConfigSchema)
	return w.settle()
}

//go:wasmexport bartizan:plugin/meta@0.1.0#configure
func configure(at, length uint32) uint32 {
	config := string(memory(at, length))
	why := "this component takes no configuration"
	if exported.pack.Configure != nil {
		why = ""
		if err := exported.pack.Configure(config); err != nil {
			why = strings.ToValidUTF8(err.Error(), "\ufffd")
		} else {
			exported.config = config
		}
	}
	var w writer
	if why == "" && exported.pack.Configure != nil {
		w.byte(0)
	} else {
		w.byte(1)
	}
	w.text(why)
	return w.settle()
}

//go:wasmexport bartizan:plugin/server-rules@0.1.0#rules
func rules() uint32 {
	var w writer
	write(&w, exported.pack.Rules, func(w *writer, rule Rule) {
		w.text(rule.ID)
		w.text(rule.Title)
		w.text(rule.Help)
		w.byte(byte(rule.severity()) - 1)
		w.byte(byte(rule.confidence()) - 1)
		write(w, rule.Tags, (*writer).text)
	})
	return w.settle()
}

//go:wasmexport bartizan:plugin/server-rules@0.1.0#check
func check(at uint32) uint32 {
	r := reader{at}
	server := readServer(&r)
	enabled := list(&r, (*reader).text)
	findings, err := exported.pack.Judge(&server, enabled, exported.config)
	var w writer
	if err != nil {
		w.byte(1)
		// The third case of `failure`: other.
		w.align(4)
		w.byte(2)
		w.text(strings.ToValidUTF8(err.Error(), "\ufffd"))
		return w.settle()
	}
	w.byte(0)
	write(&w, findings, writeFinding)
	// The place of the longer case is there in the shorter one too.
	w.word(0)
	return w.settle()
}

func writeFinding(w *writer, f Finding) {
	w.text(f.Rule)
	w.option(byte(f.Severity))
	w.option(byte(f.Confidence))
	w.text(f.Message)
	writeSubject(w, f.Subject)
	write(w, f.Related, writeSubject)
	write(w, f.Evidence, func(w *writer, piece Evidence) {
		w.text(piece.Label)
		w.text(piece.Text)
		w.text(piece.Pointer)
	})
	if f.Remediation == "" {
		w.byte(0)
	} else {
		w.byte(1)
	}
	w.text(f.Remediation)
}

func writeSubject(w *writer, subject Subject) {
	w.text(subject.Kind)
	w.text(subject.Name)
}

func readServer(r *reader) Server {
	return Server{
		Name:            r.text(),
		Title:           r.option(),
		Version:         r.text(),
		ProtocolVersion: r.text(),
		Transport:       Transport{r.text(), r.text(), list(r, (*reader).text)},
		Instructions:    r.option(),
		Capabilities:    r.text(),
		ServerInfo:      r.text(),
		Tools:           list(r, readTool),
		Prompts:         list(r, readPrompt),
		Resources:       list(r, readResource),
		Observations:    list(r, readObservation),
	}
}

func readTool(r *reader) Tool {
	return Tool{r.text(), r.option(), r.option(), r.text(), r.option(), r.option(), r.option(), r.text()}
}

func readPrompt(r *reader) Prompt {
	return Prompt{r.text(), r.option(), r.option(), r.text(), r.option(), r.text()}
}

func readResource(r *reader) Resource {
	return Resource{
		r.text(), r.byte() != 0, r.text(), r.option(), r.option(), r.option(), r.option(), r.option(), r.text(),
	}
}

func readObservation(r *reader) Observation {
	return Observation{r.text(), r.text(), r.text()}
}

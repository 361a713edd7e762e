package bartizan

// Severity is how bad it is if a finding is true. The zero value is "not said".
type Severity uint8

// The severities.
const (
	_ Severity = iota
	Info
	Low
	Medium
	High
	Critical
)

// Confidence is how sure a rule is. The zero value is "not said".
type Confidence uint8

// The confidences.
const (
	_ Confidence = iota
	LowConfidence
	MediumConfidence
	HighConfidence
)

// Subject is what a finding is about.
type Subject struct {
	// Kind is "server", "tool", "prompt", "resource" or "resource-template".
	Kind string
	// Name of the tool or prompt, URI (or URI template) of the resource. Empty for "server".
	Name string
}

// Evidence is a piece of what was judged, shown to the reader as the reason.
type Evidence struct {
	Label, Text, Pointer string
}

// Finding is what a rule has to say. What is left out is the rule's own.
type Finding struct {
	// Rule is filled in.
	Rule       string
	Severity   Severity
	Confidence Confidence
	// Message is one or two sentences. Plain text, at most 8 KiB.
	Message string
	Subject Subject
	// Related are other things that take part.
	Related []Subject
	// Evidence is at most 64 pieces.
	Evidence []Evidence
	// Remediation is what to do about this one in particular.
	Remediation string
}

// Tool is a tool as the server presented it. JSON members are kept as the JSON text the server sent. A text that is absent is nil.
type Tool struct {
	Name         string
	Title        *string
	Description  *string
	InputSchema  string
	OutputSchema *string
	Annotations  *string
	Meta         *string
	Extra        string
}

// Prompt is a prompt as the server presented it.
type Prompt struct {
	Name        string
	Title       *string
	Description *string
	Arguments   string
	Meta        *string
	Extra       string
}

// Resource is a resource or a template of resources.
type Resource struct {
	URI         string
	IsTemplate  bool
	Name        string
	Title       *string
	Description *string
	MimeType    *string
	Annotations *string
	Meta        *string
	Extra       string
}

// Transport is how the server was reached.
type Transport struct {
	Kind    string
	Address string
	Command []string
}

// Observation is something the host learnt by looking.
type Observation struct {
	Kind   string
	About  string
	Detail string
}

// Server is one server as it presented itself. Everything in it is hostile input.
type Server struct {
	Name            string
	Title           *string
	Version         string
	ProtocolVersion string
	Transport       Transport
	Instructions    *string
	Capabilities    string
	ServerInfo      string
	Tools           []Tool
	Prompts         []Prompt
	Resources       []Resource
	Observations    []Observation
}

// Text is the text, or an empty one if it is absent.
func Text(text *string) string {
	if text == nil {
		return ""
	}
	return *text
}

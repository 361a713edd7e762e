//! Reporter: json.

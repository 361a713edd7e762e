//! Rules: tool parameters that invite command, SQL, path and URL injection.

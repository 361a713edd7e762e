//! Rules: instructions to the model and hidden text in what a server shows.

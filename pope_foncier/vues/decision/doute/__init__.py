"""Tables and pictures of the doubt about one study."""

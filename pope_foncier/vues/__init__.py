"""Everything a person looks at: terminal, JSON, HTML, charts."""

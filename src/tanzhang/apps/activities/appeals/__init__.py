"""Appeals 申诉: a person disputes what was decided about an act or about her; a human decides."""

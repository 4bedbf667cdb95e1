"""Drawing lots: who takes part, with how many slips, what comes of it, and a record that anybody can check."""

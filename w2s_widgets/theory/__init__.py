"""Truth, teacher and student: outcomes, slack, assumptions, certificates, rankings."""

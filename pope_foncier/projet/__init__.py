"""The project as data: site, study, programme, works, calendar."""

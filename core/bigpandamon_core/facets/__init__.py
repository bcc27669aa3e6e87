"""Recent jobs as coded columns on one host's disk: any attributes counted, in milliseconds."""

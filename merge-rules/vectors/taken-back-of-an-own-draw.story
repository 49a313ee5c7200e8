Whoever takes its own claim back as over does not act by it.
---
root claims pad 1-3 of first as job
clock 4
root reclaims job as back
may job at 2
---

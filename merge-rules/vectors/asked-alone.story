A claim that nobody has given is asked for.
---
node claims pad 1-3 as job
may job at 2
---
job/0: asked [LEASE-3]: job is not given whole
may job at 2? hold, asked [LEASE-3]: job is not given whole

A revocation that ends before the enrolment does not act on it.
---
node claims pad 1-3 as job
safety revokes node until 20 as cut
---
job/0: asked [LEASE-3]: job is not given whole

A give of less than was claimed does not answer.
---
root gives region: power 0-12 x10 of first as mains
node claims power 1-3 x6 as one
region gives one: power 1-3 x5 of mains
---
mains: firm [LEASE-5]: mains is given through a proven chain from the charter
one/0: asked [LEASE-3]: one is not given whole
power is taken 1-3 by region:1/0

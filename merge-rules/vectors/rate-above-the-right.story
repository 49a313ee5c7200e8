A claim of a rate above its right is overdrawn.
---
root gives node: power 0-12 x10 of first as mains
node claims power 1-3 x11 of mains as job
---
mains: firm [LEASE-5]: mains is given through a proven chain from the charter
job/0: overdrawn [ORDER-2]: job is more than right mains had left when it was given
exception: overdrawn [ORDER-2]: job is more than right mains had left when it was given

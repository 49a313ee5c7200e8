Rates that sum up to the right at an instant fit.
---
root gives region: power 0-12 x10 of first as mains
node claims power 1-3 x6 as one
rival claims power 2-4 x4 as two
region gives one: power 1-3 x6 of mains
region gives two: power 2-4 x4 of mains
may two at 3
---
mains: firm [LEASE-5]: mains is given through a proven chain from the charter
one/0: firm [LEASE-5]: one is given through a proven chain from the charter; covered to 3
two/0: firm [LEASE-5]: two is given through a proven chain from the charter; covered to 4
power is taken 1-3 by region:1/0
power is taken 2-4 by region:2/0
may two at 3? go until 3:59:58, on news of 2:58:02 before

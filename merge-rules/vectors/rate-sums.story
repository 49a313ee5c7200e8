Rates add up at each instant alone.
---
root gives region: power 0-12 x10 of first as mains
node claims power 1-3 x6 as one
rival claims power 2-4 x6 as two
region claims power 3-5 x4 of mains as three
region gives one: power 1-3 x6 of mains
region gives two: power 2-4 x6 of mains
may one at 2
may two at 3
---
mains: firm [LEASE-5]: mains is given through a proven chain from the charter
one/0: firm [LEASE-5]: one is given through a proven chain from the charter; covered to 3
two/0: overdrawn [ORDER-2]: region:3 is more than right mains had left when it was given
three/0: firm [LEASE-5]: three is given through a proven chain from the charter; covered to 5
power is taken 1-3 by region:2/0
power is taken 3-5 by three/0
may one at 2? go until 2:59:58, on news of 1:58:02 before
may two at 3? hold, overdrawn [ORDER-2]: region:3 is more than right mains had left when it was given
exception: two rests on what is overdrawn [ORDER-2]: region:3 is more than right mains had left when it was given
exception: overdrawn [ORDER-2]: region:3 is more than right mains had left when it was given

A pool is used up by amounts, whenever they are used.
---
root gives region: steel 0-12 x10 of first as heap
node claims steel 1-3 x6 as one
rival claims steel 5-7 x6 as two
region gives one: steel 1-3 x6 of heap
region gives two: steel 5-7 x6 of heap
---
heap: firm [LEASE-5]: heap is given through a proven chain from the charter
one/0: firm [LEASE-5]: one is given through a proven chain from the charter; covered to 3
two/0: overdrawn [ORDER-2]: region:2 is more than right heap had left when it was given
steel is taken 1-3 by region:1/0
exception: two rests on what is overdrawn [ORDER-2]: region:2 is more than right heap had left when it was given
exception: overdrawn [ORDER-2]: region:2 is more than right heap had left when it was given

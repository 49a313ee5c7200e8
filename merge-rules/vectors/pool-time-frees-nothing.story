Time gives nothing back to a pool.
---
root gives region: steel 0-12 x10 of first as heap
node claims steel 1-3 x6 as one
region gives one: steel 1-3 x6 of heap as load
clock 23
region reclaims load
rival claims steel 5-7 x6 as two
region gives two: steel 5-7 x6 of heap as again
---
heap: firm [LEASE-5]: heap is given through a proven chain from the charter
one/0: firm [LEASE-5]: one is given through a proven chain from the charter; covered to 3
load: firm [LEASE-5]: load is given through a proven chain from the charter
two/0: at risk [ORDER-4]: again fits into right heap by its giver's word alone; wait for the receiver's release; covered to 7
again: at risk [ORDER-4]: again fits into right heap by its giver's word alone; wait for the receiver's release
steel is taken 1-3 by load/0
steel is taken 5-7 by again/0
exception: two rests on what is at risk [ORDER-4]: again fits into right heap by its giver's word alone; wait for the receiver's release
exception: at risk [ORDER-4]: again fits into right heap by its giver's word alone; wait for the receiver's release

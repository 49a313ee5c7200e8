A post tells what was not used; the giver reclaims it by that proof and gives it on.
---
root gives region: steel 0-12 x10 of first as heap
node claims steel 1-3 x6 as one
region gives one: steel 1-3 x6 of heap as load
node posts one load unused 0 3 as done
region reclaims load by done
rival claims steel 5-7 x6 as two
region gives two: steel 5-7 x6 of heap as again
---
heap: firm [LEASE-5]: heap is given through a proven chain from the charter
one/0: ended [BACK-2]: one was released by done
load: firm [LEASE-5]: load is given through a proven chain from the charter
done: firm [RULE-2]: done is said by one who is granted to say it
two/0: firm [LEASE-5]: two is given through a proven chain from the charter; covered to 7
again: firm [LEASE-5]: again is given through a proven chain from the charter
steel is taken 5-7 by again/0
exception: ended [BACK-2]: one was released by done

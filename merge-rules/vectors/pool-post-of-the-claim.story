A post that states what is unused of the claim, not of the give, brings nothing back.
---
root gives region: steel 0-12 x10 of first as heap
node claims steel 1-3 x6 as one
region gives one: steel 1-3 x6 of heap as load
node posts one unused 3 as done
region reclaims load by done
rival claims steel 5-7 x6 as two
region gives two: steel 5-7 x6 of heap as again
---
heap: firm [LEASE-5]: heap is given through a proven chain from the charter
one/0: ended [BACK-2]: one was released by done
load: firm [LEASE-5]: load is given through a proven chain from the charter
done: firm [RULE-2]: done is said by one who is granted to say it
two/0: overdrawn [ORDER-2]: again is more than right heap had left when it was given
again: overdrawn [ORDER-2]: again is more than right heap had left when it was given
exception: ended [BACK-2]: one was released by done
exception: two rests on what is overdrawn [ORDER-2]: again is more than right heap had left when it was given
exception: overdrawn [ORDER-2]: again is more than right heap had left when it was given

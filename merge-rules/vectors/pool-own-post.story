Of an own draw on a pool the unused part is free again once it is posted.
---
root gives node: steel 0-12 x10 of first as heap
node claims steel 1-3 x8 of heap as one
node posts one unused 5
node claims steel 5-7 x7 of heap as two
node claims steel 7-8 x1 of heap as three
---
heap: firm [LEASE-5]: heap is given through a proven chain from the charter
one/0: ended [BACK-2]: one was released by node:2
two/0: firm [LEASE-5]: two is given through a proven chain from the charter; covered to 7
three/0: overdrawn [ORDER-2]: three is more than right heap had left when it was given
steel is taken 5-7 by two/0
exception: ended [BACK-2]: one was released by node:2
exception: overdrawn [ORDER-2]: three is more than right heap had left when it was given

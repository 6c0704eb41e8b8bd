#include <malloc.h>

#include "base/heap.h"

namespace ccr {

void keep_freed_memory() {
#ifdef __GLIBC__
    constexpr int kLargestBody = 32 << 20;
    constexpr int kKept = 64 << 20;
    mallopt(M_MMAP_THRESHOLD, kLargestBody);
    mallopt(M_TRIM_THRESHOLD, kKept);
#endif
}

void give_back_freed_memory() {
#ifdef __GLIBC__
    ::malloc_trim(0);
#endif
}

}  // namespace ccr

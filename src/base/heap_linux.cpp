#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <fstream>

#include "base/heap.h"

namespace ccr {

void keep_freed_memory() {
#ifdef __GLIBC__
    // What is larger is rare, and mapped: kept, it would be cut up by small blocks that outlive it,
    // and the next of its size would need new room. A request of 5 MB, with a document or images in
    // it, stays below.
    constexpr int kKept = 64 << 20;
    mallopt(M_MMAP_THRESHOLD, kLargestKeptBlock);
    mallopt(M_TRIM_THRESHOLD, kKept);
#endif
}

#if defined(__GLIBC__) && __GLIBC_PREREQ(2, 33)
namespace {

constexpr std::size_t kMuch = 4 << 20;

std::size_t least_idle = 0;  // since the last time

// proc_pid_statm(5): the second number, in pages.
std::size_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t size = 0, resident = 0;
    file >> size >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

// What is resident and not in use by the heap: mapped files, and freed memory. The heap's own
// figure of the latter counts what was given back, too.
std::size_t idle_bytes() {
    const std::size_t resident = resident_bytes();
    const struct mallinfo2 heap = ::mallinfo2();
    return resident - std::min(resident, heap.uordblks + heap.hblkhd);
}

}  // namespace

void give_back_freed_memory() {
    ::malloc_trim(0);
    least_idle = idle_bytes();
}

void give_back_much_freed_memory() {
    const std::size_t idle = idle_bytes();
    least_idle = std::min(least_idle, idle);
    if (idle > least_idle + kMuch) give_back_freed_memory();
}
#else
void give_back_freed_memory() {}
void give_back_much_freed_memory() {}
#endif

}  // namespace ccr

#include "report/reopen.h"

namespace ccr::report {

// What stands in /dev/fd shares its flags with the original.
net::Descriptor reopened(int) {
    return {};
}

}  // namespace ccr::report

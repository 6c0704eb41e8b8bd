// Bytes over a unix socket with open descriptors beside them (SCM_RIGHTS). Any thread.
#pragma once

#include <sys/types.h>

#include <span>
#include <string_view>
#include <vector>

#include "net/socket_calls.h"

namespace ccr::net {

/// More than these are neither sent nor taken.
inline constexpr std::size_t kMostPassed = 16;

/// send(2) of `bytes`; copies of `passed` arrive with the first of them. -1 with errno set.
ssize_t send_with_descriptors(int socket, std::string_view bytes, std::span<const int> passed);

/// recv(2); descriptors that come along are appended to `taken`, not inherited by child processes.
ssize_t receive_with_descriptors(int socket, std::span<char> to, std::vector<Descriptor>& taken);

}  // namespace ccr::net

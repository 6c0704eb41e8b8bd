// The error of a credential that cannot be had. Pure.
#pragma once

#include <string>

#include "base/error.h"

namespace ccr::auth {

/// Not 401: clients answer that by asking their user to sign in to the wrong service. Another
/// target may still do.
inline Error credential_error(std::string message) {
    Error error = make_error(ErrorKind::permission, std::move(message));
    error.fault = Fault::config;
    error.retry = Retry::next_target;
    return error;
}

}  // namespace ccr::auth

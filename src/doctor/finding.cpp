#include "doctor/finding.h"

namespace ccr::doctor {

std::string_view name_of(Severity severity) {
    if (severity == Severity::good) return "ok";
    return severity == Severity::warning ? "warning" : "failure";
}

std::string_view name_of(Area area) {
    switch (area) {
        case Area::configuration:
            return "configuration";
        case Area::environment:
            return "environment";
        case Area::service:
            return "service";
        case Area::models:
            break;
    }
    return "models";
}

}  // namespace ccr::doctor

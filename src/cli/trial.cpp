#include "cli/trial.h"

#include "doctor/questions.h"

namespace ccr::cli {

doctor::Reply try_model(const config::Config& config, const std::string& provider,
                        const std::string& model) {
    const config::Provider* const asked = config.find_provider(provider);
    if (asked != nullptr && asked->broken) {
        doctor::Reply out;
        out.kind = "config";
        out.message = asked->broken->message;
        return out;
    }
    return doctor::OwnGateway(config).ask(
        doctor::plain_question(provider + "," + model, doctor::Streamed::no));
}

}  // namespace ccr::cli

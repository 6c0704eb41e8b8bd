#include "gateway/probes.h"

#include "base/timestamp.h"
#include "gateway/answer.h"

namespace ccr::gateway {

net::Answer banner_answer() {
    return json_answer(200,
                       R"({"message":"LLMs API","name":"ccr","version":")" CCR_VERSION R"("})");
}

net::Answer health_answer() {
    return json_answer(200, R"({"status":"ok","timestamp":")" +
                                iso_timestamp(std::chrono::system_clock::now()) + "\"}");
}

net::Answer hello_answer() {
    return json_answer(200, R"({"message":"hello"})");
}

}  // namespace ccr::gateway

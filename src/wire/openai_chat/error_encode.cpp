#include "wire/openai_chat/answer_parts.h"
#include "wire/openai_chat/client_side.h"

namespace ccr::wire::openai_chat {

std::string encode_error(const Error& error, std::string_view request_id) {
    std::string out;
    json::Writer w(out);
    w.open_object().key("error");
    write_error(w, error);
    if (!request_id.empty()) w.member("request_id", request_id);
    w.close_object();
    return out;
}

}  // namespace ccr::wire::openai_chat

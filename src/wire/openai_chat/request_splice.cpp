// The verbatim lane: the client's own bytes with the model name replaced.
#include "json/splice.h"
#include "json/writer.h"
#include "wire/openai_chat/provider_side.h"

namespace ccr::wire::openai_chat {

SplicedRequest splice_request(json::View body, const Target& target) {
    SplicedRequest out;
    std::vector<json::Splice> splices;
    std::string model;
    json::Writer(model).string(target.model);
    if (const json::View asked = body["model"]; asked && asked.raw() != model)
        splices.push_back(json::replace(asked, std::move(model)));
    out.body = json::SplicedText(body.document_text(), std::move(splices));
    return out;
}

}  // namespace ccr::wire::openai_chat

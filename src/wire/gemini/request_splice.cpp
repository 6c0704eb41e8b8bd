// The verbatim lane: the client's own bytes. Where the body names the model, as batch clients do,
// the name is replaced.
#include "json/splice.h"
#include "json/writer.h"
#include "wire/gemini/provider_side.h"

namespace ccr::wire::gemini {

SplicedRequest splice_request(json::View body, const Target& target) {
    SplicedRequest out;
    std::vector<json::Splice> splices;
    if (const json::View asked = body["model"]; asked.is_string()) {
        std::string model;
        json::Writer(model).string("models/" + std::string(target.model));
        if (asked.raw() != model) splices.push_back(json::replace(asked, std::move(model)));
    }
    out.body = json::SplicedText(body.document_text(), std::move(splices));
    return out;
}

}  // namespace ccr::wire::gemini

#include "adapt/presets/all.h"

namespace ccr::adapt::presets {

config::Preset vertex() {
    config::Preset p;
    p.name = "vertex";
    p.title = "Google Vertex AI";
    p.sources = {
        "https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/use-claude"};
    p.hosts = {"*.aiplatform.googleapis.com", "aiplatform.googleapis.com"};
    p.wires = {{Protocol::gemini, ""}};
    p.quirks = {"`vertex` in the provider names project, location and credentials."};
    return p;
}

}  // namespace ccr::adapt::presets

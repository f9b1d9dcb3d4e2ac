// SPDX-License-Identifier: Apache-2.0
// Fuzz target: config.json of BERT models. What it takes, written and read again, is the same configuration.
#include "models/bert/config.h"

#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    using thaw::BertConfig;
    constexpr const char* architecture = "BertForSequenceClassification";
    const BertConfig config = BertConfig::from_json(thaw::Json::parse(text, "file"));
    thaw::fuzz::require(config.num_labels() > 0 && config.head_size() > 0, "a model without labels or heads");
    (void)config.activation();
    (void)config.problem();
    const thaw::Json written = config.to_json(architecture);
    const BertConfig copy = BertConfig::from_json(thaw::Json::parse(written.dump(2), "its copy"));
    thaw::fuzz::require(copy.to_json(architecture) == written && copy.labels == config.labels,
                        "written and read again it is another configuration");
  });
}

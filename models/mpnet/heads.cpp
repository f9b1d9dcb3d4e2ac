// SPDX-License-Identifier: Apache-2.0
// What of the heads takes more than a line.
#include "models/mpnet/heads.h"

#include "tensor/check.h"

namespace thaw {

MPNetForQuestionAnswering::MPNetForQuestionAnswering(const Scope& s, const MPNetConfig& config)
    : mpnet(s / "mpnet", config, MPNet::Pooler::without),
      qa_outputs(s / "qa_outputs", config.hidden_size, 2, Init::normal(config.initializer_range)) {
  if (config.num_labels() != 2)
    fail("{}: question answering has two outputs, start and end, not {}", config.json.where("id2label"),
         config.num_labels());
}

MPNetForMaskedLM::MPNetForMaskedLM(const Scope& s, const MPNetConfig& config)
    : mpnet(s / "mpnet", config, MPNet::Pooler::without),
      lm_head(s / "lm_head", config, mpnet.embeddings.words.weight, {"dense", "layer_norm"}) {
  lm_head.activation = UnaryOp::gelu;
}

}  // namespace thaw

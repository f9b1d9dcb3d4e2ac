// SPDX-License-Identifier: Apache-2.0
// The names in files of models of speech and texts: what is above the two models, and nothing of them.
#include "models/speech_text/config.h"

namespace thaw {

CheckpointNames SpeechTextConfig::checkpoint_names() const {
  CheckpointNames names;
  names.required = {"*_projection.weight", "logit_scale"};
  return names;
}

}  // namespace thaw

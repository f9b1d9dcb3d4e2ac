// SPDX-License-Identifier: Apache-2.0
// Questions about pictures to what a model reads of them: the question's tokens, then the picture's patches.
#pragma once

#include <memory>
#include <string>

#include "models/image/patch_limits.h"
#include "models/input/joint_processor.h"
#include "models/tasks/row_encoder.h"
#include "models/tasks/text_encoder.h"

namespace thaw {

class QuestionEncoder : public RowEncoder {
 public:
  // The encoders of one directory. `limits`: of the model's pictures.
  QuestionEncoder(std::shared_ptr<const TextEncoder> texts, std::shared_ptr<const RowEncoder> pictures,
                  const PatchLimits& limits);

  const Processor& processor() const override { return files_; }
  // Of a row whose cells are a picture's path and a text. std::runtime_error that begins with where the row is, also
  // for a picture of more patches than the model reads.
  Encoding encode(const InputRow& row) const override;
  Encoding encode_again(const InputRow& row, const Encoding& other) const override;
  Encoding longest() const override;
  void show(const Encoding& example, ShownExample& shown) const override;
  std::unique_ptr<RowNotes> notes() const override;  // of the texts
  Fingerprint identity() const override;
  ExampleWords words() const override { return {"question", "tokens and patches"}; }

 private:
  std::shared_ptr<const TextEncoder> texts_;
  std::shared_ptr<const RowEncoder> pictures_;
  PatchLimits limits_;
  JointProcessor files_;
};

}  // namespace thaw

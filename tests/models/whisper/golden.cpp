// SPDX-License-Identifier: Apache-2.0
// Whisper's goldens: classes of sounds by the mean of the last hidden state, or of all of them.
#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/whisper/classification.h"
#include "tests/models/golden_model.h"
#include "tests/models/golden_numbers.h"

namespace thaw {

namespace {

class GoldenWhisper final : public GoldenModel {
 public:
  GoldenWhisper(const GoldenCase& golden, Device device, DType dtype)
      : golden_(golden), whisper_(golden.directory(), device, dtype) {
    CHECK(whisper_.report().initialised.empty());
    CHECK(whisper_.report().unexpected.empty());
    CHECK(whisper_.report().notes.empty());
  }
  ParameterStore& store() override { return whisper_.store(); }
  // The folder's are [B, bins, frames].
  WhisperInput input(int64_t batch) const {
    const std::string name = golden_.input(batch, "input_features");
    const std::vector<double> numbers = golden_.numbers(name);
    const std::vector<int64_t> sizes = golden_.shape(name);
    const auto bins = static_cast<size_t>(sizes.at(1)), frames = static_cast<size_t>(sizes.at(2));
    std::vector<std::vector<float>> sounds(static_cast<size_t>(sizes[0]));
    for (size_t b = 0; b < sounds.size(); ++b)
      for (size_t t = 0; t < frames; ++t)
        for (size_t bin = 0; bin < bins; ++bin)
          sounds[b].push_back(static_cast<float>(numbers[(b * bins + bin) * frames + t]));
    return WhisperInput::from_frames(std::vector<std::span<const float>>(sounds.begin(), sounds.end()), sizes[1],
                                     whisper_.device(), whisper_.store().dtype());
  }
  std::map<std::string, std::vector<GoldenOutput>> hidden(int64_t batch) const override {
    const WhisperInput sounds = input(batch);
    std::vector<Variable> all;
    whisper_.model().encoder(sounds, &all);
    std::vector<int32_t> cells(static_cast<size_t>(sounds.segments().total()));
    std::iota(cells.begin(), cells.end(), 0);
    std::vector<GoldenOutput> outputs;
    for (const Variable& rows : all) outputs.push_back({rows, cells});
    return {{"hidden", outputs}};
  }
  std::map<std::string, GoldenOutput> outputs(int64_t batch) const override {
    return {{"logits", {whisper_.model()(input(batch)), {}}}};
  }
  Variable loss(int64_t batch) const override {
    ClassificationTargets targets;
    if (whisper_.model().problem == ProblemType::single_label) {
      targets.classes = golden_.integers(golden_.input(batch, "labels"));
    } else {
      targets.values = golden_.numbers(golden_.input(batch, "labels"));
    }
    return whisper_.model().loss(whisper_.model()(input(batch)), targets);
  }
  void save(const std::string& directory) const override { whisper_.save(directory); }

 private:
  GoldenCase golden_;
  Pretrained<WhisperForAudioClassification> whisper_;
};

const GoldenEntry entry{WhisperForAudioClassification::architecture,
                        [](const GoldenCase& golden, Device device, DType dtype) -> std::unique_ptr<GoldenModel> {
                          return std::make_unique<GoldenWhisper>(golden, device, dtype);
                        }};

}  // namespace

}  // namespace thaw

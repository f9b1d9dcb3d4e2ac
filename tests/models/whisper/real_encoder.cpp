// SPDX-License-Identifier: Apache-2.0
// A real encoder of sounds: Whisper tiny.en's states of three spoken clips, each as long as it is. The model is fetched
// by examples/fetch_whisper.sh.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "autograd/functions.h"
#include "models/hub/pretrained.h"
#include "models/whisper/encoder.h"
#include "models/whisper/import.h"
#include "tensor/io/tensor_file.h"
#include "tests/goldens.h"
#include "tests/scratch_folder.h"
#include "tests/source_folder.h"

using namespace thaw;

namespace {

// What 4 layers of f32 may be off, as a share of a tensor's largest number.
constexpr double tolerance = 1e-5;

// Where examples/fetch_whisper.sh puts the model, or $THAW_WHISPER; empty, and said so, if it or its golden is not
// there.
std::string whisper_file() {
  if (!has_golden("whisper_tiny_en")) return {};
  const char* given = std::getenv("THAW_WHISPER");
  const std::string directory = given && *given ? given : (source_folder() / "data" / "whisper_ctranslate2").string();
  if (std::filesystem::exists(directory + "/model.bin")) return directory + "/model.bin";
  MESSAGE("skipped: no Whisper in " << directory
                                    << " (examples/fetch_whisper.sh fetches it; THAW_WHISPER names another place)");
  return {};
}

// The largest difference, as a share of the largest number that is expected.
double difference(const Variable& found, const Tensor& expected) {
  const std::vector<float> x = found.value().to_host<float>(), y = expected.to_host<float>();
  REQUIRE(x.size() == y.size());
  double apart = 0, most = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    apart = std::max(apart, std::abs(double{x[i]} - double{y[i]}));
    most = std::max(most, std::abs(double{y[i]}));
  }
  return apart / most;
}

}  // namespace

TEST_CASE("golden Whisper tiny.en: states of clips side by side, imported from CTranslate2's file") {
  const std::string file = whisper_file();
  if (file.empty()) return;
  const ScratchFolder folder;
  const ImportedModel imported = import_whisper(file, folder / "whisper");
  CHECK(imported.dtype == "float16");
  CHECK(imported.numbers == 37'760'256);
  const Device device = Device::from_environment();
  const Pretrained<WhisperEncoderModel> whisper(folder / "whisper", device);
  CHECK(whisper.report().initialised.empty());
  CHECK(whisper.report().unexpected.empty());

  const std::map<std::string, Tensor> golden =
      read_tensors(golden_dir() / "whisper_tiny_en" / "expected.safetensors", Device::open("reference"));
  const auto expected = [&](int64_t clip, const char* name) { return golden.at(fmt::format("{}.{}", clip, name)); };
  std::vector<std::vector<float>> frames;  // [frames, bins]; the golden's are [bins, frames]
  while (golden.contains(fmt::format("{}.features", frames.size())))
    frames.push_back(expected(std::ssize(frames), "features").transpose().contiguous().to_host<float>());
  REQUIRE(frames.size() == 3);
  const WhisperInput sounds = WhisperInput::from_frames(
      std::vector<std::span<const float>>(frames.begin(), frames.end()), whisper.config().num_mel_bins, device);
  std::vector<Variable> hidden;
  const Variable last = whisper.model().encoder(sounds, &hidden);
  const Variable means = mean_segments(last, sounds.segments());
  const Variable embedded = mean_segments(hidden[0], sounds.segments());
  for (int64_t clip = 0; clip < std::ssize(frames); ++clip) {
    CAPTURE(clip);
    const Segments& rows = sounds.segments();
    const auto row = [&](const Variable& all) { return squeeze(slice(all, 0, clip, clip + 1), 0); };
    CHECK(difference(slice(last, 0, rows.begin(clip), rows.end(clip)), expected(clip, "last_hidden")) <= tolerance);
    CHECK(difference(row(means), expected(clip, "mean")) <= tolerance);
    CHECK(difference(row(embedded), expected(clip, "embedded_mean")) <= tolerance);
  }
}

// SPDX-License-Identifier: Apache-2.0
// Opens a directory's feature extractor.
#include "models/tasks/sound_encoder.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "models/input/preprocessor_file.h"
#include "models/tasks/checksum.h"
#include "models/tasks/in_row.h"
#include "tensor/check.h"
#include "tensor/io/file_presence.h"
#include "tensor/quote.h"

namespace thaw {

namespace {

constexpr const char* file_name = PreprocessorFile::file_name;

// Counts sounds that are heard in part.
class SoundNotes : public RowNotes {
 public:
  explicit SoundNotes(double seconds) : seconds_(seconds) {}

  void add(const InputRow&, const Encoding& encoding) override {
    ++sounds_;
    longer_ += dynamic_cast<const SoundRows&>(*encoding.rows).cut_frames() > 0;
  }
  std::vector<std::string> lines() const override {
    if (longer_ == 0) return {};
    return {fmt::format("{} of {} sounds {} longer than the {:.6g} s that the model hears: the rest is cut off",
                        longer_, sounds_, longer_ == 1 ? "is" : "are", seconds_)};
  }

 private:
  double seconds_;
  int64_t sounds_ = 0, longer_ = 0;
};

SoundHearing ast_hearing(const Json& file, const std::string& directory, const SoundLimits& limits) {
  const AstFeatureConfig config = AstFeatureConfig::from_json(file);
  if (config.num_mel_bins != limits.bins || config.max_length != limits.frames)
    fail("{}: its {} makes {} frames of {} bins, and the model hears {} of {}", directory, file_name, config.max_length,
         config.num_mel_bins, limits.frames, limits.bins);
  return SoundHearing(config);
}

SoundHearing whisper_hearing(const Json& file, const std::string& directory, const SoundLimits& limits) {
  const WhisperFeatureConfig config = WhisperFeatureConfig::from_json(file);
  if (config.feature_size != limits.bins)
    fail("{}: its {} makes frames of {} bins, and the model hears {}", directory, file_name, config.feature_size,
         limits.bins);
  return SoundHearing(config);
}

// A file of another kind of model is none of this one's.
void check_kind(const Json& file, SoundFeatures features) {
  const std::string expected = features == SoundFeatures::ast ? "ASTFeatureExtractor" : "WhisperFeatureExtractor";
  for (const char* key : {"feature_extractor_type", "image_processor_type", "video_processor_type"})
    if (const std::string kind = file.get_string_or(key, ""); !kind.empty() && kind != expected)
      fail("{}: this is {}, and the model needs {}", file.where(key), quote(kind), expected);
}

SoundHearing hearing_for(const std::string& directory, const SoundLimits& limits) {
  const std::string path = directory + "/" + file_name;
  if (!is_there(path)) return usual_processor(limits);
  const Json file = Json::read(path);
  check_kind(file, limits.features);
  return limits.features == SoundFeatures::ast ? ast_hearing(file, directory, limits)
                                               : whisper_hearing(file, directory, limits);
}

Encoding encoding_of(std::shared_ptr<const RowSource> rows, int64_t states) {
  Encoding example;
  example.ids.resize(static_cast<size_t>(states));
  example.rows = std::move(rows);
  return example;
}

}  // namespace

Sound sound_of(const InputRow& row) {
  return in_row(row, [&] { return read_sound(path_of(row)); });
}

SoundEncoder::SoundEncoder(const std::string& directory, const SoundLimits& limits)
    : limits_(limits),
      hearing_(std::make_shared<SoundHearing>(hearing_for(directory, limits))),
      files_(std::make_shared<PreprocessorFile>(hearing_->to_json())) {}

Encoding SoundEncoder::encode(const InputRow& row) const {
  return in_row(row, [&] {
    auto rows = std::make_shared<SoundRows>(path_of(row), hearing_, limits_);
    if (rows->frames() > limits_.frames)
      fail("{}: has {} frames of 10 ms, and the model hears {}", path_of(row), rows->frames(), limits_.frames);
    const int64_t states = limits_.states(rows->frames());
    return encoding_of(std::move(rows), states);
  });
}

Encoding SoundEncoder::longest() const {
  const Shape grid = limits_.grid(limits_.frames);
  std::vector<float> numbers(static_cast<size_t>(grid.numel() * limits_.width));
  return encoding_of(std::make_shared<RowsInMemory>(std::move(numbers), grid, limits_.width),
                     limits_.states(limits_.frames));
}

void SoundEncoder::show(const Encoding& example, ShownExample& shown) const {
  shown.text = fmt::format("a sound of {} {} of {} numbers", example.rows->rows(),
                           limits_.features == SoundFeatures::ast ? "patches" : "frames", example.rows->width());
}

std::unique_ptr<RowNotes> SoundEncoder::notes() const { return std::make_unique<SoundNotes>(hearing_->seconds()); }

Fingerprint SoundEncoder::identity() const { return {{file_name, checksum_text(crc32c(files_->files()[0].content))}}; }

}  // namespace thaw

// SPDX-License-Identifier: Apache-2.0
// Whisper's encoder: convolutions against sums by hand, sounds side by side and alone, weighted hidden states, files of
// whole models, what begins from scratch, stages of the trunk, lengths.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/hub/pretrained.h"
#include "models/whisper/classification.h"
#include "tests/error_of.h"
#include "tests/models/small_whisper.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

double difference(const std::vector<double>& x, const std::vector<double>& y) {
  REQUIRE(x.size() == y.size());
  double worst = 0;
  for (size_t i = 0; i < x.size(); ++i) worst = std::max(worst, std::abs(x[i] - y[i]));
  return worst;
}
double difference(const Variable& a, const Variable& b) {
  return difference(a.value().to_host<double>(), b.value().to_host<double>());
}

double gelu_of(double x) { return x * (1 + std::erf(x / std::sqrt(2.0))) / 2; }

struct Rows : WhisperEncoder {
  Rows(const Scope& s, const WhisperConfig& c) : WhisperEncoder(s, c, Reads::rows) {}
};
struct Mean : WhisperEncoder {
  Mean(const Scope& s, const WhisperConfig& c) : WhisperEncoder(s, c, Reads::mean) {}
};
struct AllMeans : WhisperEncoder {
  AllMeans(const Scope& s, const WhisperConfig& c) : WhisperEncoder(s, c, Reads::all_means) {}
};

WhisperConfig weighted() {
  WhisperConfig config = small_whisper_config();
  config.use_weighted_layer_sum = true;
  return config;
}

}  // namespace

TEST_CASE("Whisper: convolutions are sums over three rows, with zeros beyond both ends of a sound") {
  const Device device = Device::from_environment();
  ParameterStore store(device, DType::f32, 3);
  const TimeConvolution convolution(Scope(store) / "conv", 3, 4, Init::normal(1));
  const std::vector<int32_t> lengths{5, 1, 4};
  const Segments sounds(lengths, device);
  const std::vector<float> x = Init::normal(1).values({10, 3}, 5, "x");
  const std::vector<double> w = convolution.weight.value().to_host<double>();
  for (const int64_t stride : {1, 2}) {
    CAPTURE(stride);
    std::vector<double> expected;
    int64_t begin = 0;
    for (const int64_t length : lengths) {
      for (int64_t middle = 0; middle < length; middle += stride)
        for (size_t out = 0; out < 4; ++out) {
          double sum = 0;
          for (size_t in = 0; in < 3; ++in)
            for (int64_t k = 0; k < 3; ++k)
              if (const int64_t t = middle + k - 1; t >= 0 && t < length)
                sum += w[(out * 3 + in) * 3 + static_cast<size_t>(k)] *
                       static_cast<double>(x[static_cast<size_t>(begin + t) * 3 + in]);
          expected.push_back(gelu_of(sum));
        }
      begin += length;
    }
    const ConvolvedRows rows(sounds, stride);
    for (int64_t b = 0; b < 3; ++b)
      CHECK(rows.segments.length(b) == (lengths[static_cast<size_t>(b)] + stride - 1) / stride);
    const Variable y = convolution(Tensor::from_host(x, {10, 3}, device), rows);
    CHECK(difference(y.value().to_host<double>(), expected) <= 1e-5);
  }
}

TEST_CASE("Whisper: sounds of all lengths side by side are what each of them is alone") {
  const SmallWhisper<Rows> small;
  const std::vector<int64_t> frames{24, 7, 1, 10};
  std::vector<std::vector<float>> numbers;
  for (const int64_t count : frames)
    numbers.push_back(Init::normal(1).values({count, 5}, 9, fmt::format("{}", numbers.size())));
  const WhisperInput together = small.sounds(frames);
  const Variable all = small.model(together);
  for (int64_t b = 0; b < 4; ++b) {
    CAPTURE(b);
    CHECK(together.segments().length(b) == (frames[static_cast<size_t>(b)] + 1) / 2);
    const std::vector<std::span<const float>> one{numbers[static_cast<size_t>(b)]};
    const Variable alone = small.model(WhisperInput::from_frames(one, 5, small.device));
    CHECK(difference(alone, slice(all, 0, together.segments().begin(b), together.segments().end(b))) <= 1e-5);
  }
}

TEST_CASE("Whisper: where rows are independent, means of a sound have the same bits whichever sounds are beside it") {
  const SmallWhisper<AllMeans> small;
  if (!small.device.backend().rows_are_independent()) return;
  const std::vector<float> sound = Init::normal(1).values({9, 5}, 9, "sound"), other(24 * 5, 0.5F);
  const auto means_of_first = [&](const std::vector<std::span<const float>>& sounds) {
    const WhisperInput input = WhisperInput::from_frames(sounds, 5, small.device);
    return small.model.means(input).value().slice(0, 0, 1).contiguous().to_bytes();
  };
  const auto twice = means_of_first({sound, sound});
  CHECK(means_of_first({sound, other}) == twice);
  CHECK(means_of_first({sound, other, std::span(other).first(5), other}) == twice);
}

TEST_CASE("Whisper: a head reads the mean over time of the last hidden state, or of all by their weights") {
  const SmallWhisper<WhisperForAudioClassification> plain, all(weighted());
  const WhisperInput sounds = plain.sounds({8, 5});
  CHECK_FALSE(plain.model.layer_weights.defined());
  CHECK(difference(plain.model.pooled(sounds), mean_segments(plain.model.encoder(sounds), sounds.segments())) <= 1e-6);

  CHECK(all.model.layer_weights.value().shape() == Shape{4});
  std::vector<Variable> hidden;
  all.model.encoder(sounds, &hidden);
  REQUIRE(hidden.size() == 4);
  const std::vector<double> weights = softmax(all.model.layer_weights).value().to_host<double>();
  Variable sum = scale(hidden[0], weights[0]);
  for (size_t i = 1; i < 4; ++i) sum = add(sum, scale(hidden[i], weights[i]));
  CHECK(difference(all.model.pooled(sounds), mean_segments(sum, sounds.segments())) <= 1e-6);
}

TEST_CASE("Whisper: of a whole model's file the encoder is read, whatever stands before its names, and it is said") {
  const ScratchFolder folder;
  const WhisperConfig config = small_whisper_config();
  const Device device = Device::from_environment();
  write_small_model<WhisperForAudioClassification>(folder / "classifier", config);
  const WhisperInput sounds = small_sounds(config, {9, 24}, device);
  const Pretrained<WhisperEncoderModel> alone(folder / "classifier", device);
  CHECK(alone.report().initialised.empty());
  CHECK(alone.report().unexpected ==
        std::vector<std::string>{"classifier.bias", "classifier.weight", "projector.bias", "projector.weight"});
  for (const std::string prefix : {"", "model."}) {
    CAPTURE(prefix);
    const std::string whole = folder / ("whole" + prefix);
    folder.write("whole" + prefix + "/config.json", config.to_json("WhisperForConditionalGeneration").dump());
    std::vector<SafetensorsEntry> entries;
    const ModelWeights weights(folder / "classifier");
    for (const SafetensorsEntry* entry : weights.entries()) {
      if (!entry->name.starts_with("encoder.")) continue;
      entries.push_back(*entry);
      entries.back().name = prefix + entry->name;
      if (!entry->name.starts_with("encoder.layers.0.fc1")) continue;
      entries.push_back(*entry);
      entries.back().name = prefix + "de" + entry->name.substr(2);
    }
    write_model_weights(whole, entries);
    const Pretrained<WhisperForAudioClassification> classifier(whole, device);
    CHECK(classifier.report().initialised.size() == 4);
    CHECK(classifier.report().unexpected.empty());
    CHECK(classifier.report().notes ==
          std::vector<std::string>{whole + ": 2 tensors of the decoder are not read: of Whisper the encoder alone is "
                                           "used"});
    CHECK(difference(classifier.model().encoder(sounds), alone.model()(sounds)) == 0);
  }
}

TEST_CASE("Whisper: keys have no bias, positions no gradient, and a body that is incomplete is refused") {
  const ScratchFolder folder;
  WhisperConfig config = small_whisper_config();
  write_small_model<WhisperForAudioClassification>(folder / "model", config);
  const Device device = Device::from_environment();
  const Pretrained<WhisperForAudioClassification> model(folder / "model", device);
  CHECK(model.store().find("encoder.layers.0.self_attn.q_proj.bias").defined());
  CHECK_FALSE(model.store().find("encoder.layers.0.self_attn.k_proj.bias").defined());
  CHECK(model.store().find("encoder.embed_positions.weight").frozen());
  CHECK(model.model().unread() == std::vector<std::string>{"encoder.embed_positions.weight"});
  config.encoder_layers = 4;
  config.to_json("WhisperForAudioClassification").write(folder / "model/config.json", {});
  CHECK(error_of<std::runtime_error>([&] {
          Pretrained<WhisperForAudioClassification>(folder / "model", device);
        }).find("model: the checkpoint has no tensor encoder.layers.3.") != std::string::npos);
}

TEST_CASE("Whisper: one from scratch has sinusoids for positions, equal weights of layers, and not zeros alone") {
  const ScratchFolder folder;
  WhisperConfig config = weighted();
  const auto open = [&] {
    folder.write("model/config.json", config.to_json("WhisperForAudioClassification").dump());
    return Pretrained<WhisperForAudioClassification>(Checkpoint<WhisperConfig>(folder / "model", FirstWeights::random),
                                                     Device::from_environment(), DType::f32, 3);
  };
  const auto model = open();
  CHECK(model.report().from_scratch);
  CHECK(model.store().find("layer_weights").value().to_host<float>() == std::vector<float>(4, 0.25F));
  CHECK(model.store().find("encoder.embed_positions.weight").value().to_host<float>() ==
        Init::sinusoids().values({12, 16}, 0, "positions"));
  config.init_std = 0;
  CHECK(error_of<std::runtime_error>(open).find("config.json: init_std: is 0: all numbers of a model from scratch") !=
        std::string::npos);
}

TEST_CASE("Whisper: sounds that are too long, empty, of other bins are refused") {
  const SmallWhisper<Rows> small;
  CHECK(error_of([&] {
          small.model(small.sounds({3, 25}));
        }) == "embed_positions.weight: a sound of 13 positions, two frames each: there are 12");
  CHECK(error_of([&] { small.sounds({3, 0}); }) == "sound 1 has no frame");
  WhisperConfig other = small.config;
  other.num_mel_bins = 6;
  CHECK(error_of([&] { small.model(small_sounds(other, {4}, small.device)); }).starts_with("conv1.weight: linear: "));
  const std::vector<float> numbers(11);
  const std::vector<std::span<const float>> sounds{numbers};
  CHECK(error_of([&] { WhisperInput::from_frames(sounds, 5, small.device); }) == "11 numbers are no frames of 5 bins");
  CHECK(error_of([&] { WhisperInput::from_frames({}, 5, small.device); }) == "0 sounds, of 5 bins");
  CHECK(error_of([&] {
          WhisperInput(Tensor::zeros({3, 5}, DType::f32, small.device), Segments({2}, small.device));
        }) == "sounds of 2 frames in all, and numbers [3, 5]");
}

TEST_CASE("Whisper: what its stages give is where it goes on from, with the same bits") {
  const auto check_stages = [](const auto& small, auto output, bool a_row_each, int64_t widest) {
    const WhisperEncoder& encoder = small.model;
    const WhisperInput sounds = small.sounds({24, 7, 10});
    const auto computed = output(sounds).value().to_bytes();
    const auto stages = std::ssize(encoder.stages());
    for (int64_t count = 1; count <= stages; ++count) {
      CAPTURE(count);
      WhisperInput rest = sounds;
      rest.below = {count, encoder.states(sounds, count)};
      const bool is_mean = a_row_each && count == stages;
      CHECK(encoder.gives_a_row_a_text(count) == is_mean);
      CHECK(rest.below.states.size(0) == (is_mean ? 3 : sounds.segments().total()));
      CHECK(rest.below.states.size(1) == 16 * std::min(count, widest));
      CHECK(output(rest).value().to_bytes() == computed);
      if (is_mean) CHECK(error_of([&] { encoder(rest); }) == ": of sounds' means alone there are no rows");
    }
  };
  const SmallWhisper<Rows> rows;
  CHECK(rows.model.stages() ==
        std::vector<std::vector<std::string>>{
            {"conv1", "conv2", "embed_positions"}, {"layers.0"}, {"layers.1"}, {"layers.2"}, {"layer_norm"}});
  check_stages(
      rows, [&](const WhisperInput& s) { return rows.model(s); }, false, 1);
  check_stages(
      rows, [&](const WhisperInput& s) { return rows.model.means(s); }, false, 1);
  const SmallWhisper<Mean> mean;
  check_stages(
      mean, [&](const WhisperInput& s) { return mean.model.means(s); }, true, 1);
  const SmallWhisper<AllMeans> all;
  check_stages(
      all, [&](const WhisperInput& s) { return all.model.means(s); }, true, 4);
}

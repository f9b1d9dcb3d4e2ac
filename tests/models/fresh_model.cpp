// SPDX-License-Identifier: Apache-2.0
// New models of pictures and sounds: sizes as asked, with the file of what prepares what they read; what cannot be
// meant.
#include "models/fresh_model.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

#include "models/audio/sound_rows.h"
#include "models/families.h"
#include "tensor/io/safetensors.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

constexpr const char* ast = "audio-spectrogram-transformer";

FreshSizes sizes_with(void (*change)(FreshSizes&) = [](FreshSizes&) {}) {
  FreshSizes sizes{.layers = 1, .hidden_size = 8, .heads = 2};
  change(sizes);
  return sizes;
}

FreshModel write(const ScratchFolder& folder, const std::string& type, const FreshSizes& sizes) {
  return write_fresh_model(folder.path().string(), type, sizes, Device::open("cpu"), 1);
}

std::string error(const std::string& type, void (*change)(FreshSizes&)) {
  const ScratchFolder folder;
  return error_of<std::invalid_argument>([&] { write(folder, type, sizes_with(change)); });
}

}  // namespace

TEST_CASE("new models: sounds are heard in the bins and frames that were asked for") {
  for (const std::string type : {ast, "whisper"}) {
    CAPTURE(type);
    CHECK(fresh_model_reads(type) == InputKind::sounds);
    CHECK_FALSE(fresh_model_reads_texts(type));
    const ScratchFolder folder;
    const FreshModel made = write(folder, type, sizes_with([](FreshSizes& s) {
                                    s.frames = 200;
                                    s.mel_bins = 16;
                                  }));
    CHECK(made.architecture.ends_with("ForAudioClassification"));
    CHECK(made.notes.empty());
    const SoundLimits limits =
        std::get<SoundLimits>(read_facts(folder.path().string(), InputKind::sounds).limits.files);
    CHECK(limits.frames == 200);
    CHECK(limits.bins == 16);
    const Json file = Json::read(folder / "preprocessor_config.json");
    CHECK(file.get_int(type == ast ? "num_mel_bins" : "feature_size") == 16);
    CHECK(file.get_int(type == ast ? "max_length" : "nb_max_frames") == 200);
  }
}

TEST_CASE("new models: weights are spread as was asked, whatever a family calls it") {
  for (const auto& [type, key, weight] :
       std::vector<std::array<std::string, 3>>{{"vit", "initializer_range", "vit.encoder.layer.0.output.dense.weight"},
                                               {"whisper", "init_std", "encoder.layers.0.fc1.weight"}}) {
    CAPTURE(type);
    const ScratchFolder folder;
    write(folder, type, sizes_with([](FreshSizes& s) {
            s.hidden_size = 64;
            s.initializer_range = 0.5;
          }));
    CHECK(Json::read(folder / "config.json").get_number(key) == 0.5);
    const SafetensorsFile file(folder / "model.safetensors");
    const SafetensorsEntry& entry = file.at(weight);
    std::vector<float> numbers(static_cast<size_t>(entry.count()));
    std::memcpy(numbers.data(), entry.bytes.data(), entry.bytes.size());
    double squares = 0;
    for (const float number : numbers) squares += static_cast<double>(number) * number;
    CHECK(std::sqrt(squares / static_cast<double>(numbers.size())) == doctest::Approx(0.5).epsilon(0.05));
  }
}

TEST_CASE("new models: patches of spectrograms overlap as AST's do") {
  const ScratchFolder folder;
  write(folder, ast, sizes_with([](FreshSizes& s) { s.patch_size = 8; }));
  const Json config = Json::read(folder / "config.json");
  CHECK(config.get_int("patch_size") == 8);
  CHECK(config.get_int("time_stride") == 5);
  CHECK(config.get_int("frequency_stride") == 5);
}

TEST_CASE("new models: pictures that patches do not divide are told of") {
  const ScratchFolder even, uneven;
  CHECK(write(even, "vit", sizes_with([](FreshSizes& s) { s.image_size = 32; })).notes.empty());
  const FreshModel made = write(uneven, "vit", sizes_with([](FreshSizes& s) { s.image_size = 30; }));
  REQUIRE(made.notes.size() == 1);
  CHECK(made.notes[0] ==
        "patches of 16 x 16 do not divide pictures of 30 x 30: 14 of 30 rows and 14 of 30 columns of pixels are never "
        "seen");
}

TEST_CASE("new models: frames, rows and columns of films that patches do not divide are told of") {
  const ScratchFolder even, uneven;
  const auto made = [](const ScratchFolder& folder, void (*change)(FreshSizes&)) {
    FreshSizes sizes = sizes_with(change);
    sizes.image_size = 16;
    sizes.patch_size = 8;
    sizes.patch_frames = 2;
    return write(folder, "vivit", sizes).notes;
  };
  CHECK(made(even, [](FreshSizes& s) { s.frames = 4; }).empty());
  CHECK(made(uneven, [](FreshSizes& s) { s.frames = 5; }) ==
        std::vector<std::string>{"patches of 2 x 8 x 8 do not divide films of 5 x 16 x 16: 1 of 5 frames, 0 of 16 rows "
                                 "and 0 of 16 columns of pixels are never seen"});
}

TEST_CASE("new models: positions are of texts alone") {
  const auto positions = [](FreshSizes& s) { s.positions = 4; };
  CHECK(error("vit", positions) == "positions 4: a ViT has them for its patches");
  CHECK(error("vivit", positions) == "positions 4: a ViViT has them for its patches");
  CHECK(error(ast, positions) == "positions 4: an AST has them for its patches");
}

TEST_CASE("new models: sizes that models of sounds cannot have") {
  CHECK(error("whisper", [](FreshSizes& s) { s.frames = 250; }).starts_with("frames 250: "));
  CHECK(error("whisper", [](FreshSizes& s) { s.patch_size = 4; }) == "patch_size 4: a Whisper has no patches");
  CHECK(error("whisper", [](FreshSizes& s) { s.positions = 4; }).starts_with("positions 4: "));
  CHECK(error("whisper", [](FreshSizes& s) { s.hidden_size = 2; }).starts_with("hidden_size 2: an even number"));
  CHECK(error(ast, [](FreshSizes& s) { s.patch_size = 200; }).starts_with("patch_size 200: "));
}

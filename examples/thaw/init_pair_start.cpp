// SPDX-License-Identifier: Apache-2.0
// Two directories become one model, or two places that one names.
#include "examples/thaw/init_pair_start.h"

#include <fmt/format.h>

#include "examples/thaw/arguments.h"
#include "tensor/counted.h"
#include "tensor/io/atomic_file.h"

namespace thaw {

namespace {

constexpr const char *dual_encoder = "vision-text-dual-encoder", *speech_text = "speech-text";

}  // namespace

std::vector<std::string> pair_start_types() { return {dual_encoder, speech_text}; }

bool is_pair_start(const std::string& type) { return type == dual_encoder || type == speech_text; }

void check_pair_start(const std::string& type, const PairStart& parts) {
  const bool of_pictures = type == dual_encoder;
  const auto need = [](const char* option, const std::string& value, const char* what) {
    if (value.empty()) throw CLI::ValidationError(option, fmt::format("a directory of a model is needed, {}", what));
  };
  if (!(of_pictures ? parts.sounds : parts.pictures).empty())
    throw CLI::ValidationError(of_pictures ? "--audio-model" : "--image-model",
                               fmt::format("is not for --type {}", type));
  if (of_pictures) need("--image-model", parts.pictures, "which sees the pictures");
  if (!of_pictures) need("--audio-model", parts.sounds, "which hears the sounds");
  need("--text-model", parts.texts, "which reads the texts");
}

void add_pair_start_options(CLI::App& command, PairStart& parts) {
  const auto add = [&](const char* name, std::string& directory, const char* help) {
    command.add_option(name, directory, help)->type_name("DIR")->group(pair_start_group);
  };
  add("--image-model", parts.pictures, "a ViT, or a CLIP, whose tower for pictures is taken");
  add("--audio-model", parts.sounds, "a Whisper: its encoder stays there, and frozen");
  add("--text-model", parts.texts, "a BERT; of speech-text any encoder, which stays there, and frozen");
}

void init_pair_start(const std::string& type, const std::string& output_dir, const PairStart& parts,
                     const std::string& device, uint64_t seed) {
  ParentDirectories parents(output_dir);
  AtomicDirectory fresh(output_dir);
  const bool of_pictures = type == dual_encoder;
  const Device where = open_device(device);
  const WarmStarted made = of_pictures ? write_dual_encoder(fresh.path(), parts, where, seed)
                                       : write_speech_text(fresh.path(), parts, where, seed);
  fresh.commit();
  parents.commit();
  for (const std::string& note : made.notes) fmt::print("{}\n", note);
  fmt::print("{}: {} (seed {} of what is new), {}, {:.1f} MB\n", output_dir,
             of_pictures ? "VisionTextDualEncoderModel" : "SpeechTextModel", seed,
             counted(made.parameters, "parameter"), static_cast<double>(made.bytes) / 1e6);
}

}  // namespace thaw

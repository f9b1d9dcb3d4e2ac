// SPDX-License-Identifier: Apache-2.0
// Two directories become one.
#include "examples/thaw/init_warm_start.h"

#include <fmt/format.h>

#include <utility>

#include "examples/number_options.h"
#include "examples/thaw/arguments.h"
#include "models/hub/config.h"
#include "tensor/counted.h"
#include "tensor/io/atomic_file.h"

namespace thaw {

void add_warm_start_options(CLI::App& command, WarmStart& parts) {
  command.add_option("--encoder", parts.encoder, "directory of the BERT that reads, with its tokenizer")
      ->type_name("DIR")
      ->group(warm_start_group);
  command.add_option("--decoder", parts.decoder, "directory of the BERT that writes (default: that of --encoder)")
      ->type_name("DIR")
      ->group(warm_start_group);
  add_number(command, "--decoder-layers", parts.decoder_layers, {.least = 1, .most = max_layers},
             "layers of the decoder, the lowest ones (default: all)")
      ->group(warm_start_group);
  const auto add_flag = [&](const char* name, bool& value, const char* help) {
    command.add_flag(name, value, help)->group(warm_start_group);
  };
  add_flag("--tie-embeddings", parts.tie_embeddings, "encoder and decoder have one table of words");
  add_flag("--share", parts.share, "... and one set of embeddings and layers, but for the attention between them");
  add_flag("--random-encoder", parts.random_encoder, "take its sizes and tokenizer alone: its numbers are random");
  add_flag("--random-decoder", parts.random_decoder, "the same of the decoder");
}

void init_warm_start(const std::string& output_dir, WarmStart parts, const std::string& device, uint64_t seed) {
  if (parts.decoder.empty()) parts.decoder = parts.encoder;
  ParentDirectories parents(output_dir);
  AtomicDirectory fresh(output_dir);
  const WarmStarted made = write_warm_start(fresh.path(), parts, open_device(device), seed);
  fresh.commit();
  parents.commit();
  for (const std::string& note : made.notes) fmt::print("{}\n", note);
  fmt::print("{}: EncoderDecoderModel (seed {} of what is new), {}, {:.1f} MB\n", output_dir, seed,
             counted(made.parameters, "parameter"), static_cast<double>(made.bytes) / 1e6);
}

}  // namespace thaw

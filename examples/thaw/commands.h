// SPDX-License-Identifier: Apache-2.0
// The subcommands of `thaw`, each in the file of its name. An error is thrown: main() prints its line.
#pragma once

namespace CLI {
class App;
}  // namespace CLI

namespace thaw {

void add_finetune(CLI::App& app);
void add_evaluate(CLI::App& app);
void add_predict(CLI::App& app);
void add_generate(CLI::App& app);
void add_embed(CLI::App& app);
void add_plan(CLI::App& app);
void add_lr_find(CLI::App& app);
void add_compare(CLI::App& app);
void add_merge(CLI::App& app);
void add_unmerge(CLI::App& app);
void add_mask(CLI::App& app);
void add_add_tokens(CLI::App& app);
void add_init(CLI::App& app);
void add_import(CLI::App& app);
void add_inspect(CLI::App& app);
void add_data(CLI::App& app);
void add_devices(CLI::App& app);
void add_tokenizer(CLI::App& app);

}  // namespace thaw

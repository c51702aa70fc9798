// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/inspect_page.h"

#include <algorithm>
#include <cmath>

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QTimer>

#include "engine/api/dropout.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/models/project_model.h"
#include "ui/panels/inspect_spectra.h"
#include "ui/plots/matrix_picture.h"
#include "ui/plots/point_plot.h"
#include "ui/plots/spectrum_plot.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/wait_strip.h"

namespace weft::ui {
namespace {

constexpr qlonglong kNow = -1;           // in the step box: of the run in progress
constexpr int kFollowEvery = 2000;       // ms, at the shortest
constexpr double kMostShare = 0.02;      // of a run's time that following it may take
constexpr int kPicturesAcross = 3, kPictureHeight = 214, kMaskHeight = 190;
constexpr std::int64_t kMaskTokens = 48, kMaskWidth = 96;

QString shortSite(const SiteShape& site) {
  return site.layer >= 0 ? QStringLiteral("%1 · %2").arg(site.layer).arg(qs(site.module)) : qs(site.path);
}

PointGroup lengthsOf(const LengthChange& lengths, const QString& name, int color) {
  PointGroup group{.name = name, .color = color};
  for (std::size_t i = 0; i < std::min(lengths.before.size(), lengths.after.size()); ++i) {
    group.x.push_back(static_cast<double>(i));
    group.y.push_back(lengths.before[i] > 0 ? static_cast<double>(lengths.after[i]) / static_cast<double>(lengths.before[i]) : 1);
  }
  return group;
}

PointGroup changesOf(const CloseUpReply& reply, double MatrixChange::* direction, double MatrixChange::* magnitude, const QString& name, int color) {
  PointGroup group{.name = name, .color = color, .regression = true};
  for (const auto& change : reply.changes) {
    group.x.push_back(change.*direction);
    group.y.push_back(change.*magnitude);
    group.labels.append(qs(change.site));
  }
  return group;
}

PointGroup anglesOf(const std::vector<float>& angles, const QString& name, int color) {
  PointGroup group{.name = name, .color = color};
  for (std::size_t i = 0; i < angles.size(); ++i) {
    group.x.push_back(static_cast<double>(i + 1));
    group.y.push_back(static_cast<double>(angles[i]));
  }
  return group;
}

// As many views in rows as there is to show: made when they are first needed, hidden while there is less.
template <typename View, typename Make, typename Fill>
void showInRows(std::vector<View*>& views, std::size_t count, QGridLayout* grid, const Make& make, const Fill& fill) {
  while (views.size() < count) {
    const int at = static_cast<int>(views.size());
    views.push_back(make());
    grid->addWidget(views.back(), at / kPicturesAcross, at % kPicturesAcross);
  }
  for (std::size_t i = 0; i < views.size(); ++i) {
    views[i]->setVisible(i < count);
    if (i < count) fill(views[i], i);
  }
}

}  // namespace

InspectPage::InspectPage(Theme& theme, Draft& draft, RunDesk& desk, QWidget* parent) : QWidget(parent), m_theme(theme), m_draft(draft), m_desk(desk) {
  auto* all = new QHBoxLayout(this);
  all->setContentsMargins(12, 0, 12, 12);
  all->setSpacing(12);
  auto* chooser = new Card(theme, tr("Adapter"), this);
  chooser->hideState();
  chooser->setFixedWidth(264);
  const auto box = [&](const QString& name) {
    auto* combo = new QComboBox(chooser);
    combo->setAccessibleName(name);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    combo->setMinimumContentsLength(8);
    chooser->body()->addWidget(makeLabel("caption", name, chooser));
    chooser->body()->addWidget(combo);
    return combo;
  };
  chooser->body()->setSpacing(6);
  m_source = box(tr("Run or folder"));
  m_step = box(tr("Step"));
  m_other = box(tr("Angles to"));
  auto* open = new IconButton(theme, QStringLiteral("folder-open"), tr("Open a PEFT folder…"), IconButton::Style::Plain, chooser);
  chooser->body()->addWidget(open);
  chooser->body()->addSpacing(6);
  chooser->body()->addWidget(makeRule(chooser));
  m_search = new QLineEdit(chooser);
  m_search->setAcceptDrops(false);   // a file is for the window
  m_search->setPlaceholderText(tr("Find a matrix: 12 q_proj"));
  m_search->setAccessibleName(tr("Find a matrix"));
  m_search->setClearButtonEnabled(true);
  chooser->body()->addWidget(m_search);
  m_sites = new QListWidget(chooser);
  m_sites->setAccessibleName(tr("Matrices"));
  m_sites->setFrameShape(QFrame::NoFrame);
  m_sites->setUniformItemSizes(true);
  m_sites->setSpacing(1);
  chooser->body()->addWidget(m_sites, 1);
  all->addWidget(chooser);

  auto* right = new QVBoxLayout;
  right->setSpacing(8);
  m_headline = makeLabel("title", {}, this);
  m_headline->setWordWrap(true);   // a long path must not make the page wider than the window
  right->addWidget(m_headline);
  m_wait = new WaitStrip(theme, this);
  right->addWidget(m_wait);
  m_message = makeLabel("secondary", {}, this);
  m_message->setWordWrap(true);
  m_message->setAlignment(Qt::AlignCenter);
  right->addWidget(m_message, 1);
  m_scroll = makeScroll(this);
  auto* board = new QWidget(m_scroll->viewport());
  board->setProperty("pane", true);
  auto* cards = new QVBoxLayout(board);
  cards->setContentsMargins(0, 0, 4, 0);
  cards->setSpacing(12);
  const auto card = [&](const QString& title, const QString& subtitle) {
    auto* c = new Card(theme, title, board);
    c->explain(subtitle);
    c->hideState();
    cards->addWidget(c);
    return c;
  };
  m_spectra = new InspectSpectra(theme, board);
  cards->addWidget(m_spectra);
  m_pictureCard = card(tr("What it holds"), tr("entries by colour, blue below zero, red above; the largest of each cell"));
  m_pictureGrid = new QGridLayout;
  m_pictureGrid->setSpacing(16);
  m_pictureCard->body()->addLayout(m_pictureGrid);
  m_bondCard = card(tr("Bonds"), tr("singular values between the cores"));
  m_bondGrid = new QGridLayout;
  m_bondCard->body()->addLayout(m_bondGrid);
  m_dropCard = card(tr("What dropout leaves out"), tr("red: dropped, for one row of tokens in this layer, as the kernels draw it in the next step"));
  m_dropGrid = new QGridLayout;
  m_dropGrid->setSpacing(16);
  m_dropCard->body()->addLayout(m_dropGrid);
  m_lengthCard = card(tr("Magnitudes"), tr("length of each row and column of the weight over what it was before training"));
  auto* lengths = new QHBoxLayout;
  lengths->setSpacing(12);
  m_rows = new PointPlot(theme, tr("row magnitudes"), board);
  m_columns = new PointPlot(theme, tr("column magnitudes"), board);
  for (auto* plot : {m_rows, m_columns}) {
    plot->setMinimumHeight(210);
    lengths->addWidget(plot, 1);
  }
  m_lengthCard->body()->addLayout(lengths);
  m_changeCard = card(tr("Magnitude against direction"), tr("each point a matrix: mean change of length over mean 1 − cosine; click one to see it"));
  m_changes = new PointPlot(theme, tr("magnitude against direction"), board);
  m_changes->setMinimumHeight(260);
  m_changeCard->body()->addWidget(m_changes);
  m_angleCard = card(tr("Angles"), tr("0°: both adapters use the same direction; 90°: nothing in common"));
  m_angles = new PointPlot(theme, tr("principal angles"), board);
  m_angles->setMinimumHeight(220);
  m_angleCard->body()->addWidget(m_angles);
  cards->addStretch(1);
  m_scroll->setWidget(board);
  right->addWidget(m_scroll, 1);
  all->addLayout(right, 1);
  m_again = new QTimer(this);
  m_again->setInterval(kFollowEvery);

  connect(open, &QPushButton::clicked, this, [this] {
    const QString path = QFileDialog::getExistingDirectory(this, tr("PEFT folder"));
    if (!path.isEmpty()) openFolder(path);
  });
  connect(m_source, &QComboBox::currentIndexChanged, this, [this] {
    m_site.clear();
    readSteps();
  });
  connect(m_spectra, &InspectSpectra::exportWanted, this,
          [this](int rank) { Q_EMIT exportAtRankWanted(m_source->currentData().toLongLong(), std::max<qlonglong>(0, m_step->currentData().toLongLong()), rank); });
  connect(m_spectra, &InspectSpectra::decomposeWanted, this, [this] {
    m_spectra->setDecomposing(true);
    ask(Question::Decompose);
  });
  connect(m_spectra, &InspectSpectra::decomposeCancelled, this, [this] {
    endQuestion();
    m_spectra->setDecomposing(false);
  });
  connect(m_wait, &WaitStrip::cancelled, this, [this] {
    endQuestion();
    m_message->clear();   // what was shown before is not what the boxes say now
    m_message->show();
    m_scroll->hide();
    m_headline->clear();
    m_wait->offer(tr("Cancelled."), tr("Look again"));
  });
  connect(m_wait, &WaitStrip::chosen, this, [this] { ask(); });
  connect(m_step, &QComboBox::currentIndexChanged, this, [this] { ask(); });
  connect(m_other, &QComboBox::currentIndexChanged, this, [this] { ask(); });
  connect(m_search, &QLineEdit::textChanged, this, [this] { filterSites(); });
  connect(m_sites, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item) chooseSite(item->data(Qt::UserRole).toString());
  });
  connect(m_changes, &PointPlot::chosen, this, [this](int, int point) {
    const auto& group = m_changes->view().groups.front();
    if (point < group.labels.size()) chooseSite(group.labels[point]);
  });
  connect(&desk, &RunDesk::overviewChanged, this, [this] { refreshSources(); });
  connect(&desk, &RunDesk::finished, this, [this] { readSteps(); });
  connect(&desk.backend(), &Backend::engineReady, this, [this] { ask(); });
  connect(m_again, &QTimer::timeout, this, [this] {
    if (isVisible() && m_step->currentData().toLongLong() == kNow && m_desk.isLive() && !m_waiting) ask(Question::Follow);
  });
  m_again->start();
  refreshSources();
}

void InspectPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (m_stale) ask();
}

bool InspectPage::busy() const { return m_waiting || (m_source->count() > 0 && !m_desk.backend().hasEngine()); }

QString InspectPage::sentence() const { return m_message->isVisibleTo(this) ? m_message->text() : QString(); }

void InspectPage::refreshSources() {
  const QVariant before = m_source->currentData();
  {
    const QSignalBlocker quiet(m_source);
    QStringList folders;
    for (int i = 0; i < m_source->count(); ++i)
      if (m_source->itemData(i).metaType().id() == QMetaType::QString) folders.append(m_source->itemData(i).toString());
    m_source->clear();
    const auto& runs = m_desk.overview().runs;
    for (auto run = runs.rbegin(); run != runs.rend(); ++run)
      m_source->addItem(QStringLiteral("%1 %2").arg(qs(run->name), methodText(run->config)), static_cast<qlonglong>(run->id));
    for (const auto& folder : folders) m_source->addItem(QFileInfo(folder).fileName(), folder);
    const int same = m_source->findData(before);
    if (same >= 0) m_source->setCurrentIndex(same);
  }
  readSteps();
}

void InspectPage::openFolder(const QString& path) {
  int at = m_source->findData(path);
  if (at < 0) {
    m_source->addItem(QFileInfo(path).fileName(), path);
    m_source->setItemData(m_source->count() - 1, path, Qt::ToolTipRole);
    at = m_source->count() - 1;
  }
  if (m_source->currentIndex() == at)
    readSteps();
  else
    m_source->setCurrentIndex(at);
}

void InspectPage::chooseRun(RunId run) {
  const int at = m_source->findData(static_cast<qlonglong>(run));
  if (at >= 0) m_source->setCurrentIndex(at);
}

void InspectPage::chooseSite(const QString& path) {
  if (path == m_site) return;
  m_site = path;
  ask();
}

void InspectPage::readSteps() {
  const QVariant source = m_source->currentData();
  const auto fill = [this](const std::vector<CheckpointRow>& rows, bool live) {
    m_checkpoints = rows;
    std::erase_if(m_checkpoints, [](const CheckpointRow& c) { return !c.present; });
    {
      const QSignalBlocker quiet(m_step);
      const QVariant before = m_step->currentData();
      m_step->clear();
      if (live) m_step->addItem(tr("now, while it trains"), kNow);
      for (auto c = m_checkpoints.rbegin(); c != m_checkpoints.rend(); ++c) m_step->addItem(tr("step %1").arg(grouped(c->step)), static_cast<qlonglong>(c->step));
      if (const int same = m_step->findData(before); same >= 0 && before.isValid()) m_step->setCurrentIndex(same);
      m_step->setEnabled(m_step->count() > 0);
    }
    fillOther();
    ask();
  };
  if (source.metaType().id() == QMetaType::QString || !source.isValid()) return fill({}, false);
  const RunId run = source.toLongLong();
  const bool live = m_desk.isLive() && m_desk.live()->id == run;
  m_desk.backend().readCheckpoints(run, this, [this, run, live, fill](Result<std::vector<CheckpointRow>> read) {
    if (run == m_source->currentData().toLongLong()) fill(read.ok() ? *read : std::vector<CheckpointRow>(), live);
  });
}

// The other steps of this run, its exports are folders that can be opened, and every folder that is open.
void InspectPage::fillOther() {
  const QSignalBlocker quiet(m_other);
  const QVariant before = m_other->currentData();
  m_other->clear();
  m_other->addItem(tr("nothing"), QVariant());
  for (auto c = m_checkpoints.rbegin(); c != m_checkpoints.rend(); ++c)
    m_other->addItem(tr("step %1 of this run").arg(grouped(c->step)), static_cast<qlonglong>(c->step));
  for (int i = 0; i < m_source->count(); ++i)
    if (i != m_source->currentIndex() && m_source->itemData(i).metaType().id() == QMetaType::QString) m_other->addItem(m_source->itemText(i), m_source->itemData(i));
  if (const int same = m_other->findData(before); same >= 0 && before.isValid()) m_other->setCurrentIndex(same);
}

CloseUpOrder InspectPage::order() const {
  CloseUpOrder order;
  const auto set = [](CloseUpOrder::Adapter& adapter, const QVariant& value, RunId run, std::int64_t step) {
    if (value.metaType().id() == QMetaType::QString)
      adapter.path = value.toString();
    else if (value.isValid())
      adapter = {.run = run, .step = step};
  };
  const RunId run = m_source->currentData().toLongLong();
  set(order.adapter, m_source->currentData(), run, m_step->currentData().toLongLong());
  order.adapter.live = m_step->currentData().isValid() && m_step->currentData().toLongLong() == kNow;
  set(order.other, m_other->currentData(), run, m_other->currentData().toLongLong());
  if (m_draft.model()) order.model = qs(m_draft.model()->path);
  order.site = m_site;
  return order;
}

void InspectPage::ask(Question what) {
  m_wait->end();
  const auto say = [this](const QString& why) {
    m_message->setText(why);
    m_message->show();
    m_scroll->hide();
    m_headline->clear();
  };
  if (m_source->count() == 0) return say(tr("No run in this project yet. Train one, or open a PEFT folder that came from elsewhere."));
  if (m_source->currentData().metaType().id() != QMetaType::QString && m_step->count() == 0)
    return say(tr("This run has no checkpoint yet: press Checkpoint on the Live page, or wait for the next one."));
  if (!m_desk.backend().hasEngine()) return say(tr("The engine is loading."));
  if (!isVisible()) {
    m_stale = true;
    return;
  }
  m_stale = false;
  endQuestion();
  m_waiting = true;
  if (what == Question::Look) {
    m_message->clear();   // why there was nothing to ask, or what was wrong with the one before
    m_wait->wait(tr("Looking at the adapter"));
  }
  const quint64 question = m_asked;
  CloseUpOrder asked = order();
  asked.decomposeBase = what == Question::Decompose;
  asked.cancel = m_cancel = std::make_shared<std::atomic<bool>>(false);
  m_desk.backend().closeUp(asked, this, [this, question](Result<CloseUpReply> reply) {
    if (question != m_asked) return;
    m_waiting = false;
    m_wait->end();
    showReply(reply);
  });
}

// Its answer is not waited for: a piece of the work may take seconds yet.
void InspectPage::endQuestion() {
  if (m_cancel) *m_cancel = true;
  m_cancel.reset();
  m_waiting = false;
  ++m_asked;
}

MatrixView* InspectPage::matrixView(QWidget* card, int height) {
  auto* view = new MatrixView(m_theme, card);
  view->setFixedHeight(height);
  return view;
}

void InspectPage::showReply(const Result<CloseUpReply>& reply) {
  m_message->setVisible(!reply.ok());
  m_scroll->setVisible(reply.ok());
  if (!reply.ok()) {
    m_headline->clear();
    m_message->setText(engineText(reply.status().message()));
    return;
  }
  m_again->setInterval(std::max(kFollowEvery, static_cast<int>(reply->ms / kMostShare)));
  m_headline->setText(tr("%1 · %2 × %3 · %4%5").arg(qs(reply->shown.path)).arg(reply->shown.out).arg(reply->shown.in).arg(qs(reply->method),
                                                                                                              reply->step > 0 ? tr(" · step %1").arg(grouped(reply->step)) : QString()));
  m_site = qs(reply->shown.path);
  showSites(reply->sites, reply->shown.path);

  const bool ofRun = m_source->currentData().metaType().id() != QMetaType::QString, live = m_step->currentData().toLongLong() == kNow;
  m_spectra->setReply(*reply, ofRun && !m_checkpoints.empty(), !live && !reply->rows.before.empty());
  showInRows(m_pictures, reply->pictures.size(), m_pictureGrid, [this] { return matrixView(m_pictureCard, kPictureHeight); },
             [&](MatrixView* view, std::size_t i) { view->setPicture(reply->pictures[i]); });
  m_bondCard->setVisible(!reply->bonds.empty());
  const auto bond = [this] {
    auto* plot = new SpectrumPlot(m_theme, m_bondCard);
    plot->setMinimumSize(140, 180);
    return plot;
  };
  showInRows(m_bonds, reply->bonds.size(), m_bondGrid, bond, [&](SpectrumPlot* plot, std::size_t i) {
    plot->setView({.site = qs(reply->bonds[i].name), .step = reply->step, .values = reply->bonds[i].values});
  });

  showDrops(*reply);
  m_lengthCard->setVisible(!reply->rows.before.empty());
  m_rows->setView({tr("row"), tr("length / before"), {lengthsOf(reply->rows, tr("rows"), 0)}, 1.0, -1});
  m_columns->setView({tr("column"), tr("length / before"), {lengthsOf(reply->columns, tr("columns"), 1)}, 1.0, -1});
  m_changeCard->setVisible(!reply->changes.empty());
  PointView changes{tr("change of direction, 1 − cos"), tr("change of magnitude"), {}, std::nullopt, -1};
  changes.groups.push_back(changesOf(*reply, &MatrixChange::row_direction, &MatrixChange::row_magnitude, tr("rows"), 0));
  if (reply->columns_changed) changes.groups.push_back(changesOf(*reply, &MatrixChange::column_direction, &MatrixChange::column_magnitude, tr("columns"), 1));
  for (std::size_t i = 0; i < reply->changes.size(); ++i)
    if (reply->changes[i].site == reply->shown.path) changes.marked = static_cast<int>(i);
  m_changes->setView(std::move(changes));
  m_angleCard->setVisible(m_other->currentData().isValid());
  m_angles->setEmptyText(tr("One of the two updates is zero here, so there is no angle between them."));
  PointView angles{tr("direction"), tr("degrees"), {}, 90.0, -1};
  if (!reply->output_angles.empty()) {
    angles.groups.push_back(anglesOf(reply->output_angles, tr("outputs"), 0));
    angles.groups.push_back(anglesOf(reply->input_angles, tr("inputs"), 1));
  }
  m_angles->setView(std::move(angles));
}

// Masks depend on seed, step, layer and place alone, so what is drawn here is what the run saw, or will see next.
void InspectPage::showDrops(const CloseUpReply& reply) {
  std::vector<std::pair<MatrixPicture, QString>> masks;
  const RunId run = m_source->currentData().metaType().id() == QMetaType::QString ? 0 : m_source->currentData().toLongLong();
  for (const auto& record : m_desk.overview().runs) {
    if (record.id != run || !record.config.is_object() || !record.config.contains("dropout") || reply.shown.layer < 0) continue;
    const auto dropout = dropout_of(record.config["dropout"]);
    if (!dropout.ok() || !dropout->active()) continue;
    std::int64_t layers = 0;
    for (const auto& site : reply.sites) layers = std::max<std::int64_t>(layers, site.layer + 1);
    const Json train = record.config.value("train", Json::object());
    const DropPass pass{.dropout = *dropout, .seed = train.value("seed", std::uint64_t{1}), .step = reply.step};
    const std::pair<DropPosition, QString> positions[] = {{DropPosition::Key, tr("keys of head 0")},         {DropPosition::Attention, tr("attention of head 0")},
                                                          {DropPosition::Hidden, tr("feed-forward output")}, {DropPosition::Input, tr("embedded tokens")},
                                                          {DropPosition::Output, tr("last hidden state")},   {DropPosition::Adapter, tr("adapter input")}};
    for (const auto& [position, name] : positions) {
      if (!pass.place(position, reply.shown.layer, layers).active()) continue;
      const DropMask mask = drop_mask(pass, position, reply.shown.layer, layers, 0, 0, kMaskTokens, kMaskWidth);
      MatrixPicture picture{ss(name), mask.rows, mask.columns, mask.rows, mask.columns, {mask.dropped.begin(), mask.dropped.end()}, 1, 0};
      masks.emplace_back(std::move(picture), tr("%1 % left out").arg(100 * mask.share(), 0, 'f', 0));
    }
  }
  m_dropCard->setVisible(!masks.empty());
  showInRows(m_drops, masks.size(), m_dropGrid, [this] { return matrixView(m_dropCard, kMaskHeight); },
             [&](MatrixView* view, std::size_t i) { view->setPicture(std::move(masks[i].first), masks[i].second); });
}

void InspectPage::showSites(const std::vector<SiteShape>& sites, const std::string& shown) {
  const QSignalBlocker quiet(m_sites);
  const bool same = m_known.size() == sites.size() && m_sites->count() == static_cast<int>(sites.size()) &&
                    std::equal(sites.begin(), sites.end(), m_known.begin(), [](const SiteShape& a, const SiteShape& b) { return a.path == b.path; });
  if (!same) {
    m_known = sites;
    m_sites->clear();
    for (const auto& site : sites) {
      auto* item = new QListWidgetItem(shortSite(site), m_sites);
      item->setData(Qt::UserRole, qs(site.path));
      item->setToolTip(QStringLiteral("%1, %2 × %3").arg(qs(site.path)).arg(site.out).arg(site.in));
    }
    filterSites();
  }
  for (int i = 0; i < m_sites->count(); ++i)
    if (m_sites->item(i)->data(Qt::UserRole).toString() == qs(shown)) m_sites->setCurrentRow(i);
}

// Every word must be in the path, a number must be the layer.
void InspectPage::filterSites() {
  const QStringList words = m_search->text().split(QLatin1Char(' '), Qt::SkipEmptyParts);
  for (int i = 0; i < m_sites->count() && static_cast<std::size_t>(i) < m_known.size(); ++i) {
    const SiteShape& site = m_known[static_cast<std::size_t>(i)];
    bool hit = true;
    for (const auto& word : words) {
      bool number = false;
      const int layer = word.toInt(&number);
      hit = hit && (number ? layer == site.layer : qs(site.path).contains(word, Qt::CaseInsensitive));
    }
    m_sites->item(i)->setHidden(!hit);
  }
}

}  // namespace weft::ui

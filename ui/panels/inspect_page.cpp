// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/inspect_page.h"

#include <algorithm>
#include <cmath>

#include <QComboBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QTimer>

#include "engine/api/dropout.h"
#include "ui/bridge/engine_text.h"
#include "ui/bridge/text.h"
#include "ui/models/number_text.h"
#include "ui/panels/adapter_chooser.h"
#include "ui/panels/inspect_spectra.h"
#include "ui/plots/matrix_picture.h"
#include "ui/plots/point_plot.h"
#include "ui/plots/spectrum_plot.h"
#include "ui/widgets/controls.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/wait_strip.h"

namespace weft::ui {
namespace {

constexpr int kFollowEvery = 2000;       // ms, at the shortest
constexpr double kMostShare = 0.02;      // of a run's time that following it may take
constexpr int kPicturesAcross = 3, kPictureHeight = 232, kMaskHeight = 190;
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
  all->addWidget(makeChooser());

  auto* right = new QVBoxLayout;
  right->setSpacing(8);
  m_headline = new ElidedLabel("title", Qt::ElideLeft, this);
  right->addWidget(m_headline);
  m_note = makeLabel("secondary", {}, this);
  m_note->setWordWrap(true);
  m_note->hide();
  right->addWidget(m_note);
  m_wait = new WaitStrip(theme, this);
  right->addWidget(m_wait);
  m_message = makeLabel("secondary", {}, this);
  m_message->setWordWrap(true);
  m_message->setAlignment(Qt::AlignCenter);
  right->addWidget(m_message, 1);
  m_empty = new EmptyState(theme, QStringLiteral("scan-search"), this);
  connect(m_empty->addButton(QStringLiteral("folder-open"), tr("Open an adapter…"), IconButton::Style::Primary), &QPushButton::clicked, this, [this] {
    if (const QString path = AdapterChooser::askForFile(this); !path.isEmpty()) openFolder(path);
  });
  right->addWidget(m_empty, 1);
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
  m_pictureCard = card(tr("What it holds"), tr("entries by colour, blue below zero, red above, paler by the square root; the largest of each cell"));
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

  for (auto* chooser : {m_first, m_second}) connect(chooser, &AdapterChooser::changed, this, &InspectPage::lookAtChosen);
  connect(m_spectra, &InspectSpectra::exportWanted, this, [this](int rank) {
    if (m_shown) Q_EMIT exportAtRankWanted(*m_shown, rank);
  });
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
    m_headline->setWholeText({});
    m_note->hide();
    m_wait->offer(tr("Cancelled."), tr("Look again"));
  });
  connect(m_wait, &WaitStrip::chosen, this, [this] { ask(); });
  connect(m_search, &QLineEdit::textChanged, this, [this] { filterSites(); });
  connect(m_sites, &QListWidget::currentItemChanged, this, [this](QListWidgetItem* item) {
    if (item) chooseSite(item->data(Qt::UserRole).toString());
  });
  connect(m_changes, &PointPlot::chosen, this, [this](int, int point) {
    const auto& group = m_changes->view().groups.front();
    if (point < group.labels.size()) chooseSite(group.labels[point]);
  });
  connect(&desk.backend(), &Backend::engineReady, this, [this] { ask(); });
  connect(&draft, &Draft::changed, this, [this] {
    if (order().model != m_askedWith) lookAtChosen();
  });
  connect(m_again, &QTimer::timeout, this, [this] {
    if (isVisible() && m_shown && m_shown->live && m_desk.isLive() && !m_waiting) ask(Question::Follow);
  });
  m_again->start();
  lookAtChosen();
}

QWidget* InspectPage::makeChooser() {
  auto* card = new Card(m_theme, tr("Adapter"), this);
  card->hideState();
  card->setFixedWidth(264);
  card->body()->setSpacing(6);
  m_first = new AdapterChooser(tr("Run or folder"), {}, m_draft, m_desk, card);
  m_second = new AdapterChooser(tr("Compared with"), tr("nothing"), m_draft, m_desk, card);
  m_second->offerNow(false);   // only a file can stand beside another
  auto* open = new IconButton(m_theme, QStringLiteral("folder-open"), tr("Open an adapter…"), IconButton::Style::Plain, card);
  connect(open, &QPushButton::clicked, this, [this] {
    if (const QString path = AdapterChooser::askForFile(this); !path.isEmpty()) openFolder(path);
  });
  for (QWidget* part : std::initializer_list<QWidget*>{m_first, m_second, open}) card->body()->addWidget(part);
  card->body()->addSpacing(6);
  card->body()->addWidget(makeRule(card));
  m_search = new QLineEdit(card);
  m_search->setAcceptDrops(false);   // a file is for the window
  m_search->setPlaceholderText(tr("Find a matrix: 12 q_proj"));
  m_search->setAccessibleName(tr("Find a matrix"));
  m_search->setClearButtonEnabled(true);
  card->body()->addWidget(m_search);
  m_sites = new QListWidget(card);
  m_sites->setAccessibleName(tr("Matrices"));
  m_sites->setFrameShape(QFrame::NoFrame);
  m_sites->setUniformItemSizes(true);
  m_sites->setSpacing(1);
  card->body()->addWidget(m_sites, 1);
  return card;
}

void InspectPage::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (m_stale) ask();
}

bool InspectPage::busy() const { return m_waiting || (m_first->source()->count() > 0 && !m_desk.backend().hasEngine()); }

QString InspectPage::sentence() const {
  return m_empty->isVisibleTo(this) ? m_empty->sentence() : m_message->isVisibleTo(this) ? m_message->text() : QString();
}

void InspectPage::openFolder(const QString& path) {
  m_shown.reset();   // what lies there may be another by now
  m_second->addFolder(path, /*choose=*/false);
  m_first->addFolder(path, /*choose=*/true);
}

void InspectPage::chooseRun(RunId run) { m_first->chooseRun(run); }

void InspectPage::chooseSite(const QString& path) {
  if (path == m_site) return;
  m_site = path;
  m_siteOf = m_first->source()->currentData();
  ask();
}

void InspectPage::lookAtChosen() {
  if (const QVariant source = m_first->source()->currentData(); source != m_siteOf) {
    m_siteOf = source;
    m_site.clear();
  }
  const CloseUpOrder chosen = order();
  const bool otherBase = !chosen.adapter.path.isEmpty() && chosen.model != m_askedWith;
  if (!m_first->speaker() || m_shown != chosen.adapter || m_shownOther != chosen.other || otherBase) ask();
}

CloseUpOrder InspectPage::order() const {
  CloseUpOrder order;
  if (const auto first = m_first->speaker()) order.adapter = first->adapter;
  if (const auto second = m_second->speaker()) order.other = second->adapter;
  if (m_draft.model()) order.model = qs(m_draft.model()->path);
  order.site = m_site;
  return order;
}

void InspectPage::say(const QString& title, const QString& sentence) {
  m_shown.reset();
  m_empty->setWords(title, sentence);
  m_empty->show();
  m_message->hide();
  m_scroll->hide();
  m_note->hide();
  m_headline->setWholeText({});
}

void InspectPage::ask(Question what) {
  m_wait->end();
  CloseUpOrder asked = order();
  m_askedWith = asked.model;
  if (m_first->source()->count() == 0) return say(tr("No adapter yet"), tr("Open an adapter to see its spectrum, or train one: each checkpoint of a run can be seen here."));
  if (!m_first->speaker()) return say(tr("No checkpoint yet"), tr("Press Checkpoint on the Live page, or wait for the next one."));
  if (!m_desk.backend().hasEngine()) return say(tr("One moment"), tr("The engine is loading."));
  if (!isVisible()) {
    m_stale = true;
    return;
  }
  m_stale = false;
  endQuestion();
  m_waiting = true;
  if (!m_empty->isHidden()) {
    m_empty->hide();
    m_message->show();
  }
  if (what == Question::Look) {
    m_message->clear();   // why there was nothing to ask, or what was wrong with the one before
    m_wait->wait(tr("Looking at the adapter"));
  }
  asked.decomposeBase = what == Question::Decompose;
  asked.cancel = m_cancel = std::make_shared<std::atomic<bool>>(false);
  m_shown = asked.adapter;
  m_shownOther = asked.other;
  put(std::move(asked), m_asked, {});
}

// What cannot be had together may be had apart: without the second adapter, where it has no such matrix, and without the base, where an
// adapter from elsewhere belongs to another model than the one in Set up.
void InspectPage::put(CloseUpOrder order, quint64 question, const Refused& refused) {
  m_desk.backend().closeUp(order, this, [this, order, question, refused](Result<CloseUpReply> reply) {
    if (question != m_asked) return;
    const bool elsewhere = !order.adapter.path.isEmpty(), compared = order.other != CloseUpOrder::Adapter();
    CloseUpOrder less = order;
    if (!reply.ok() && compared) {
      less.other = {};
      return put(std::move(less), question, {.other = reply.status(), .base = refused.base});
    }
    if (!reply.ok() && elsewhere && !order.model.isEmpty()) {
      less.model.clear();
      less.other = m_shownOther.value_or(CloseUpOrder::Adapter());
      less.decomposeBase = false;
      return put(std::move(less), question, {.other = {}, .base = reply.status()});
    }
    m_waiting = false;
    m_wait->end();
    m_compared = compared;
    QStringList notes;
    if (!refused.other.ok()) notes.append(tr("Not compared: %1.").arg(engineText(refused.other.message())));
    if (elsewhere && order.model.isEmpty())
      notes.append(refused.base.ok() ? tr("Seen without a base model. Choose the one it was made for in Set up to see magnitudes, directions and the weight itself.")
                                     : tr("Seen without a base model: it does not fit the one in Set up. Choose the one it was made for there to see magnitudes, directions and the weight itself."));
    m_note->setText(notes.join(QLatin1Char('\n')));
    m_note->setToolTip(engineText(refused.base.message()));
    m_note->setVisible(reply.ok() && !notes.isEmpty());
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
    m_shown.reset();
    m_headline->setWholeText({});
    m_message->setText(engineText(reply.status().message()));
    return;
  }
  m_again->setInterval(std::max(kFollowEvery, static_cast<int>(reply->ms / kMostShare)));
  m_headline->setWholeText(tr("%1 · %2 × %3 · %4%5").arg(qs(reply->shown.path)).arg(reply->shown.out).arg(reply->shown.in).arg(qs(reply->method),
                                                                                                              reply->step > 0 ? tr(" · step %1").arg(grouped(reply->step)) : QString()));
  m_site = qs(reply->shown.path);
  showSites(reply->sites, reply->shown.path);

  const bool live = m_shown && m_shown->live;
  m_spectra->setReply(*reply, /*exportable=*/!live || m_first->step()->count() > 1, /*decomposable=*/!live && !reply->rows.before.empty());
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
  m_angleCard->setVisible(m_compared);
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
  const RunId run = m_shown ? m_shown->run : 0;
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

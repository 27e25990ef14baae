/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What is different in two documents of one machine, and can be done to a third one. */
#include "config.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "base/xeno-error.h"
#include "spec/xeno-change.h"
#include "spec/xeno-device-private.h"
#include "spec/xeno-document-private.h"
#include "spec/xeno-field-private.h"
#include "spec/xeno-spec-private.h"

/* What the addresses of QEMU's network cards begin with. */
#define QEMU_OUI "52:54:00"

/*
 * Mark:
 * @identity: what its kind is told apart by, where that is said
 * @address: its place on the guest's buses, where libvirt has chosen one
 * @ordinal: which one of its kind it is, 1 for the first
 *
 * What a device is found again by in another document of the same machine: the first of these that both
 * documents have, and one device each.
 */
typedef struct
{
  char *identity;
  char *address;
  guint ordinal;
} Mark;

struct _XenoChange
{
  GObject               parent_instance;
  XenoChangeType        type;
  const XenoDeviceKind *kind;
  const XenoField      *field;
  Mark                  mark;
  char                 *name;    /* the element's */
  char                 *title;   /* the device's */
  char                 *before;  /* of a field as it is written; the whole device where it is removed */
  char                 *after;   /* of a field as it is written; the whole device where it is added */
  guint                 n_alike; /* how many there were that nothing tells from the added one */
};

G_DEFINE_FINAL_TYPE (XenoChange, xeno_change, G_TYPE_OBJECT)

static void
mark_clear (Mark *mark)
{
  g_clear_pointer (&mark->identity, g_free);
  g_clear_pointer (&mark->address, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Mark, mark_clear)

static void
xeno_change_finalize (GObject *object)
{
  XenoChange *self = XENO_CHANGE (object);

  mark_clear (&self->mark);
  g_free (self->name);
  g_free (self->title);
  g_free (self->before);
  g_free (self->after);

  G_OBJECT_CLASS (xeno_change_parent_class)->finalize (object);
}

static void
xeno_change_class_init (XenoChangeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = xeno_change_finalize;
}

static void
xeno_change_init (XenoChange *self)
{
}

static char *
dup_identity (XenoDevice *device)
{
  const XenoDeviceKind *kind = xeno_device_get_kind (device);
  g_auto (GStrv) ids = kind->identity != NULL ? g_strsplit (kind->identity, " ", -1) : NULL;
  g_autoptr (GString) identity = g_string_new (NULL);

  for (guint i = 0; ids != NULL && ids[i] != NULL; i++)
    {
      g_autofree char *value = xeno_device_dup_string (device, ids[i]);

      if (value == NULL)
        return NULL;
      g_string_append_printf (identity, "%s\n", value);
    }
  return identity->len > 0 ? g_string_free (g_steal_pointer (&identity), FALSE) : NULL;
}

static void
read_mark (XenoDevice *device,
           Mark       *mark)
{
  mark->identity = dup_identity (device);
  mark->address = xeno_node_dup_written (xeno_device_get_node (device), "address");
  mark->ordinal = xeno_device_get_ordinal (device);
}

/* A device of one of two documents, while they are compared. */
typedef struct
{
  XenoDevice *device;
  Mark        mark;
  char       *xml;
  gboolean    is_matched;
} Entry;

static void
entry_free (Entry *entry)
{
  g_object_unref (entry->device);
  mark_clear (&entry->mark);
  g_free (entry->xml);
  g_free (entry);
}

static GPtrArray *
list_entries (XenoSpec *spec)
{
  g_autoptr (GPtrArray) devices = xeno_spec_list_devices (spec, NULL);
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify) entry_free);

  for (guint i = 0; i < devices->len; i++)
    {
      Entry *entry = g_new0 (Entry, 1);

      entry->device = g_object_ref (devices->pdata[i]);
      entry->xml = xeno_node_to_xml (xeno_device_get_node (entry->device));
      read_mark (entry->device, &entry->mark);
      g_ptr_array_add (entries, entry);
    }
  return entries;
}

static gboolean
has_same_identity (const Mark *a,
                   const Mark *b)
{
  return a->identity != NULL && g_strcmp0 (a->identity, b->identity) == 0;
}

/* Two displays may be of one type. */
static gboolean
is_same_of_several (const Mark *a,
                    const Mark *b)
{
  return has_same_identity (a, b) && a->ordinal == b->ordinal;
}

static gboolean
has_same_address (const Mark *a,
                  const Mark *b)
{
  return a->address != NULL && g_strcmp0 (a->address, b->address) == 0;
}

/* Its number says something only where nothing better does: numbers move when others go. */
static gboolean
has_same_ordinal (const Mark *a,
                  const Mark *b)
{
  return a->ordinal == b->ordinal
         && (a->identity == NULL || b->identity == NULL)
         && (a->address == NULL || b->address == NULL);
}

static gboolean (* const agreements[]) (const Mark *, const Mark *) = {
  is_same_of_several, has_same_identity, has_same_address, has_same_ordinal,
};

static Entry *
find_entry (GPtrArray  *entries,
            const char *name,
            const Mark *mark,
            gboolean  (*agrees) (const Mark *, const Mark *))
{
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = entries->pdata[i];

      if (!entry->is_matched && xeno_node_is (xeno_device_get_node (entry->device), name)
          && agrees (mark, &entry->mark))
        return entry;
    }
  return NULL;
}

static Entry *
find_same (GPtrArray  *entries,
           const char *xml)
{
  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = entries->pdata[i];

      if (!entry->is_matched && strcmp (entry->xml, xml) == 0)
        return entry;
    }
  return NULL;
}

static guint
count_alike (GPtrArray  *entries,
             XenoChange *change)
{
  guint n = 0;

  for (guint i = 0; i < entries->len; i++)
    {
      Entry *entry = entries->pdata[i];

      if (xeno_node_is (xeno_device_get_node (entry->device), change->name)
          && has_same_identity (&change->mark, &entry->mark))
        n++;
    }
  return n;
}

static XenoChange *
new_change (XenoChangeType  type,
            XenoDevice     *device)
{
  XenoChange *self = g_object_new (XENO_TYPE_CHANGE, NULL);

  self->type = type;
  self->kind = xeno_device_get_kind (device);
  self->name = g_strdup (xeno_device_get_name (device));
  self->title = xeno_device_dup_title (device);
  read_mark (device, &self->mark);
  return self;
}

static void
compare_fields (GPtrArray  *changes,
                XenoDevice *from,
                XenoDevice *to)
{
  const XenoDeviceKind *kind = xeno_device_get_kind (from);

  for (gsize i = 0; i < kind->n_fields; i++)
    {
      g_autofree char *before = xeno_device_dup_string (from, kind->fields[i].id);
      g_autofree char *after = xeno_device_dup_string (to, kind->fields[i].id);
      XenoChange *change;

      if (g_strcmp0 (before, after) == 0)
        continue;

      change = new_change (XENO_CHANGE_SET, from);
      change->field = &kind->fields[i];
      change->before = g_steal_pointer (&before);
      change->after = g_steal_pointer (&after);
      g_ptr_array_add (changes, change);
    }
}

static void
compare_parts (GPtrArray *changes,
               XenoSpec  *from,
               XenoSpec  *to)
{
  g_autoptr (GPtrArray) before = xeno_spec_list_parts (from);
  g_autoptr (GPtrArray) after = xeno_spec_list_parts (to);

  for (guint i = 0; i < before->len; i++)
    compare_fields (changes, before->pdata[i], after->pdata[i]);
}

/* What is the same in both is a pair, before anything that is only alike. */
static Entry *
take_partner (GPtrArray   *entries,
              const Entry *entry,
              gsize        pass)
{
  Entry *partner = pass == 0
    ? find_same (entries, entry->xml)
    : find_entry (entries, xeno_device_get_name (entry->device), &entry->mark, agreements[pass - 1]);

  if (partner != NULL)
    partner->is_matched = TRUE;
  return partner;
}

/* What is added twice, to what runs and to what starts next, has to be one thing: libvirt would choose an
 * address for each. */
static void
complete (XenoDevice *device)
{
  g_autofree char *mac = NULL;

  if (strcmp (xeno_device_get_kind (device)->id, "interface") != 0)
    return;

  mac = xeno_device_dup_string (device, "mac");
  if (mac == NULL)
    {
      g_autofree char *random = g_strdup_printf (QEMU_OUI ":%02x:%02x:%02x", g_random_int_range (0, 256),
                                                 g_random_int_range (0, 256), g_random_int_range (0, 256));

      xeno_device_set_string (device, "mac", random);
    }
}

static void
compare_devices (GPtrArray *changes,
                 XenoSpec  *from,
                 XenoSpec  *to)
{
  g_autoptr (GPtrArray) before = list_entries (from);
  g_autoptr (GPtrArray) after = list_entries (to);

  for (gsize pass = 0; pass <= G_N_ELEMENTS (agreements); pass++)
    for (guint i = 0; i < before->len; i++)
      {
        Entry *entry = before->pdata[i];
        Entry *partner = !entry->is_matched ? take_partner (after, entry, pass) : NULL;

        entry->is_matched |= partner != NULL;
        if (partner != NULL && pass > 0)
          compare_fields (changes, entry->device, partner->device);
      }

  for (guint i = 0; i < before->len; i++)
    {
      Entry *entry = before->pdata[i];

      if (!entry->is_matched)
        {
          XenoChange *change = new_change (XENO_CHANGE_REMOVE, entry->device);

          change->before = g_steal_pointer (&entry->xml);
          g_ptr_array_add (changes, change);
        }
    }
  for (guint i = 0; i < after->len; i++)
    {
      Entry *entry = after->pdata[i];

      if (!entry->is_matched)
        {
          XenoChange *change;

          complete (entry->device);
          change = new_change (XENO_CHANGE_ADD, entry->device);
          change->after = xeno_device_to_xml (entry->device);
          change->n_alike = count_alike (before, change);
          g_ptr_array_add (changes, change);
        }
    }
}

/**
 * xeno_change_list:
 * @from: a machine on paper
 * @to: the same machine, changed
 *
 * Finds out what was changed, as far as field tables know it: fields of the machine's parts, fields of its
 * devices, devices that came and went. A device is found again by what its kind is told apart by, by its
 * address on the guest's buses, or by its number. A network card that was added to @to without an address gets
 * one, so that what runs and what starts next have the same card.
 *
 * Returns: (transfer container) (element-type XenoChange): the changes, parts first, added devices last
 */
GPtrArray *
xeno_change_list (XenoSpec *from,
                  XenoSpec *to)
{
  GPtrArray *changes;

  g_return_val_if_fail (XENO_IS_SPEC (from), NULL);
  g_return_val_if_fail (XENO_IS_SPEC (to), NULL);

  changes = g_ptr_array_new_with_free_func (g_object_unref);
  compare_parts (changes, from, to);
  compare_devices (changes, from, to);
  return changes;
}

/* A host's own model is told in full while the machine runs. */
static gboolean
is_told_in_full (XenoChange *change,
                 XenoSpec   *next)
{
  static const char * const fields[] = { "mode", "match", "check", "model", "fallback", "vendor", "features", NULL };
  g_autofree char *mode = xeno_spec_dup_value (next, "cpu/@mode");

  return strcmp (change->kind->id, "processors") == 0 && g_strcmp0 (mode, "host-model") == 0
         && g_strv_contains (fields, change->field->id);
}

static gboolean
is_pending (XenoChange *change,
            XenoSpec   *next)
{
  if (change->type != XENO_CHANGE_SET)
    return TRUE;
  if ((change->field->flags & XENO_FIELD_SECRET) != 0 || is_told_in_full (change, next))
    return FALSE;
  return (change->field->flags & XENO_FIELD_OF_RUN) == 0
         || (change->after != NULL && strcmp (change->after, "-1") != 0);
}

/**
 * xeno_change_list_pending:
 * @running: a machine as it runs
 * @next: as it will be when it starts the next time
 *
 * Finds out what will be different after the next shutdown. What the host chooses at each start is not
 * among it, and neither are secrets, which nobody reads of what runs.
 *
 * Returns: (transfer container) (element-type XenoChange): the changes, as xeno_change_list() gives them
 */
GPtrArray *
xeno_change_list_pending (XenoSpec *running,
                          XenoSpec *next)
{
  g_autoptr (GPtrArray) all = xeno_change_list (running, next);
  GPtrArray *pending = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < all->len; i++)
    if (is_pending (all->pdata[i], next))
      g_ptr_array_add (pending, g_object_ref (all->pdata[i]));
  return pending;
}

/**
 * xeno_change_find_device:
 * @self: a change
 * @spec: a document of the same machine
 *
 * Finds what is changed: the device, or the part of the machine.
 *
 * Returns: (transfer full) (nullable): the device, or %NULL where @spec has none
 */
XenoDevice *
xeno_change_find_device (XenoChange *self,
                         XenoSpec   *spec)
{
  g_autoptr (GPtrArray) entries = NULL;
  XenoDevice *part;

  g_return_val_if_fail (XENO_IS_CHANGE (self), NULL);
  g_return_val_if_fail (XENO_IS_SPEC (spec), NULL);

  part = xeno_spec_get_part (spec, self->kind->id);
  if (part != NULL)
    return part;

  entries = list_entries (spec);
  if (self->type == XENO_CHANGE_REMOVE && find_same (entries, self->before) != NULL)
    return g_object_ref (find_same (entries, self->before)->device);
  for (gsize i = 0; i < G_N_ELEMENTS (agreements); i++)
    {
      Entry *entry = find_entry (entries, self->name, &self->mark, agreements[i]);

      if (entry != NULL)
        return g_object_ref (entry->device);
    }
  return NULL;
}

static void
set_changed_error (XenoChange  *self,
                   const char  *now,
                   GError     **error)
{
  g_autofree char *shown = xeno_field_dup_text (self->field, now);

  xeno_set_error (error, XENO_ERROR_IN_USE, now,
                  /* Translators: a field, a device or part of the machine, the field's value */
                  _("“%s” of “%s” has been changed meanwhile by another program, to “%s”. Look at it, "
                    "and change it again if it shall be otherwise."),
                  _(self->field->label), self->title, shown);
}

static gboolean
apply_set (XenoChange  *self,
           XenoDevice  *device,
           GError     **error)
{
  g_autofree char *now = NULL;

  if (device == NULL)
    {
      xeno_set_error (error, XENO_ERROR_NOT_FOUND, NULL,
                      _("“%s” has been removed meanwhile by another program."), self->title);
      return FALSE;
    }

  now = xeno_device_dup_string (device, self->field->id);
  if (g_strcmp0 (now, self->before) != 0 && g_strcmp0 (now, self->after) != 0
      && (self->field->flags & XENO_FIELD_SECRET) == 0)
    {
      set_changed_error (self, now, error);
      return FALSE;
    }
  xeno_device_set_string (device, self->field->id, self->after);
  return TRUE;
}

static xmlDoc *
parse_device (const char  *xml,
              GError     **error)
{
  return xeno_document_parse (xml, NULL, _("The device’s description cannot be read."), error);
}

/* Whether a device is as it was, but for what its table does not know, and for secrets. */
static gboolean
is_as_before (XenoChange *self,
              XenoSpec   *spec,
              XenoDevice *device)
{
  xmlDoc *document = parse_device (self->before, NULL);
  g_autoptr (XenoDevice) before = xeno_device_new (spec, xmlDocGetRootElement (document), self->kind);
  gboolean is_same = TRUE;

  for (gsize i = 0; is_same && i < self->kind->n_fields; i++)
    {
      g_autofree char *then = xeno_device_dup_string (before, self->kind->fields[i].id);
      g_autofree char *now = xeno_device_dup_string (device, self->kind->fields[i].id);

      is_same = (self->kind->fields[i].flags & XENO_FIELD_SECRET) != 0 || g_strcmp0 (then, now) == 0;
    }
  xmlFreeDoc (document);
  return is_same;
}

static gboolean
apply_remove (XenoChange  *self,
              XenoSpec    *spec,
              XenoDevice  *device,
              GError     **error)
{
  if (device == NULL)
    return TRUE;
  if (is_as_before (self, spec, device))
    {
      xeno_spec_remove_device (spec, device);
      return TRUE;
    }

  xeno_set_error (error, XENO_ERROR_IN_USE, NULL,
                  _("“%s” has been changed meanwhile by another program. Look at it before you remove it."),
                  self->title);
  return FALSE;
}

static gboolean
apply_add (XenoChange  *self,
           XenoSpec    *spec,
           GError     **error)
{
  xmlNode *root = xeno_spec_get_root (spec);
  g_autoptr (GPtrArray) entries = NULL;
  xmlDoc *document;

  entries = list_entries (spec);
  if (count_alike (entries, self) > self->n_alike)
    {
      xeno_set_error (error, XENO_ERROR_EXISTS, self->mark.identity,
                      _("“%s” cannot be added: another program has added one like it meanwhile."), self->title);
      return FALSE;
    }

  document = parse_device (self->after, error);
  if (document == NULL)
    return FALSE;
  xeno_node_insert (xeno_node_ensure (root, "devices"),
                    xmlDocCopyNode (xmlDocGetRootElement (document), root->doc, 1));
  xmlFreeDoc (document);
  return TRUE;
}

/**
 * xeno_change_apply:
 * @self: a change
 * @spec: a document of the same machine, which others may have changed meanwhile
 * @error: %XENO_ERROR_IN_USE or %XENO_ERROR_EXISTS where somebody else has changed the same thing,
 *   %XENO_ERROR_NOT_FOUND where the device is gone
 *
 * Does a change to a document. All else in it stays.
 *
 * Returns: whether it was done, or had been done already
 */
gboolean
xeno_change_apply (XenoChange  *self,
                   XenoSpec    *spec,
                   GError     **error)
{
  g_autoptr (XenoDevice) device = NULL;

  g_return_val_if_fail (XENO_IS_CHANGE (self), FALSE);
  g_return_val_if_fail (XENO_IS_SPEC (spec), FALSE);

  if (self->type == XENO_CHANGE_ADD)
    return apply_add (self, spec, error);

  device = xeno_change_find_device (self, spec);
  return self->type == XENO_CHANGE_SET ? apply_set (self, device, error)
                                       : apply_remove (self, spec, device, error);
}

/**
 * xeno_change_get_change:
 * @self: a change
 *
 * Returns: what it does
 */
XenoChangeType
xeno_change_get_change (XenoChange *self)
{
  g_return_val_if_fail (XENO_IS_CHANGE (self), XENO_CHANGE_SET);

  return self->type;
}

/**
 * xeno_change_get_kind:
 * @self: a change
 *
 * Returns: (transfer none): of which kind the device is, or which part of the machine it is
 */
const XenoDeviceKind *
xeno_change_get_kind (XenoChange *self)
{
  g_return_val_if_fail (XENO_IS_CHANGE (self), NULL);

  return self->kind;
}

/**
 * xeno_change_get_field:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): which field it sets, or %NULL where a device comes or goes
 */
const XenoField *
xeno_change_get_field (XenoChange *self)
{
  g_return_val_if_fail (XENO_IS_CHANGE (self), NULL);

  return self->field;
}

/**
 * xeno_change_get_before:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): what the field said; the removed device as it was written
 */
const char *
xeno_change_get_before (XenoChange *self)
{
  g_return_val_if_fail (XENO_IS_CHANGE (self), NULL);

  return self->before;
}

/**
 * xeno_change_get_after:
 * @self: a change
 *
 * Returns: (transfer none) (nullable): what the field says; the added device as it is written
 */
const char *
xeno_change_get_after (XenoChange *self)
{
  g_return_val_if_fail (XENO_IS_CHANGE (self), NULL);

  return self->after;
}

/**
 * xeno_change_dup_title:
 * @self: a change
 *
 * Says what it is about: "Disk 1 (virtio): Cache mode".
 *
 * Returns: (transfer full): the title, in the person's language
 */
char *
xeno_change_dup_title (XenoChange *self)
{
  g_return_val_if_fail (XENO_IS_CHANGE (self), NULL);

  if (self->field == NULL)
    return g_strdup (self->title);

  /* Translators: a device or part of a machine, and one of its settings: "Disk 1 (virtio): Cache mode" */
  return g_strdup_printf (_("%s: %s"), self->title, _(self->field->label));
}

/**
 * xeno_change_dup_text:
 * @self: a change
 *
 * Says what it does: "none → writeback". A secret is not in it.
 *
 * Returns: (transfer full): the text, in the person's language
 */
char *
xeno_change_dup_text (XenoChange *self)
{
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  g_return_val_if_fail (XENO_IS_CHANGE (self), NULL);

  if (self->type == XENO_CHANGE_ADD)
    return g_strdup (_("Added"));
  if (self->type == XENO_CHANGE_REMOVE)
    return g_strdup (_("Removed"));
  if ((self->field->flags & XENO_FIELD_SECRET) != 0)
    return g_strdup (_("Changed"));

  before = xeno_field_dup_text (self->field, self->before);
  after = xeno_field_dup_text (self->field, self->after);
  /* Translators: a value before and after a change: "2.0 GiB → 4.0 GiB" */
  return g_strdup_printf (_("%s → %s"), before, after);
}
